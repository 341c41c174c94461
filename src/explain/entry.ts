/** What `explain` knows: messages (the words a program prints) and topics (what lies behind them). Data only. */

/**
 * How bad it is for the host: `open` admits strangers, `check` may, `closed` refuses everybody, legitimate clients
 * too.
 */
export type Danger = "open" | "check" | "closed";

/**
 * What lies behind a message. Several programs say the same thing in different words, so messages share topics.
 * In `fix`, `{endpoint}`, `{host}`, `{port}` and a message's named groups are filled in.
 */
export interface Topic {
  readonly id: string;
  readonly cause: string;
  readonly danger: Danger;
  readonly consequence: string;
  /** Commands to type, most useful first; a line that is no command begins with `#`. */
  readonly fix: readonly string[];
  /** A manual, an RFC or an issue. */
  readonly reference: string;
  /** True: says only that something failed; not told where anything better is found. */
  readonly general?: boolean;
  /** True: the endpoint in the text is not a Docker host, and must not be probed as one. */
  readonly foreign?: boolean;
}

/** What a pattern's named groups caught. */
export type Groups = Readonly<Record<string, string>>;

/** One message of one program. */
export interface Message {
  readonly id: string;
  /** The program that prints it, with versions if they matter. */
  readonly says: string;
  /** Linear in the length of the text: no repetition inside a repetition, every gap bounded. */
  readonly patterns: readonly RegExp[];
  /** Where the words come from: repository and path, or the address of an issue. */
  readonly source: string;
  /** As it is printed, whole. */
  readonly example: string;
  /** What the words mean, without judging. */
  readonly meaning: string;
  readonly topic: Topic;
  /** What the numbers and names in the message say, one line each. */
  readonly decode?: (groups: Groups) => readonly string[];
}
