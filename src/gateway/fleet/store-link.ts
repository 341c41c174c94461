/** The gateway's side of the fleet process: tells it where the store is, and takes the documents that it brings. */
import { type Clock, inOneLine, OneAtATime } from "../../base/index.ts";
import {
  type FleetLink,
  formatAnswer,
  formatLink,
  formatPassedAnswer,
  type HandOverAnswer,
  HEARTBEAT_MS,
  type KeptFleet,
  listDigest,
  MOST_REASON,
  parseLink,
  readHandOver,
  readPassedQuestion,
  receiptKeyOf,
  refuseAnswer,
  type StoreState,
  signStatement,
} from "../../fleet/index.ts";
import type { LinkPort } from "../ports.ts";
import { type AnswerParts, AnswerQuestions } from "./answer-questions.ts";
import { closedFor, type TakenList, takeList } from "./take-list.ts";

/** What the fleet process says of itself. */
export interface ProcessState {
  /** When it last asked, milliseconds since the epoch. */
  readonly at: number;
  readonly store: StoreState | null;
  /** Why the store does not take its receipts: foreign text; null: it does, or none was written. */
  readonly noReceipt: string | null;
}

const NOTHING = { documents: null, refused: null, closed: 0, open: 0, tookMs: 0 };

const countsOf = (receipt: TakenList["receipt"] | undefined) =>
  receipt && { closed: receipt.cut.length, open: receipt.open, tookMs: receipt.tookMs };

/** Two questions may be late or lost. */
const SILENT_MS = 3 * HEARTBEAT_MS;

export class StoreLink {
  readonly #port: LinkPort;
  readonly #parts: () => AnswerParts;
  readonly #clock: Clock;
  /** One line. */
  readonly #tell: (why: string) => void;
  readonly #turns = new OneAtATime();
  readonly #questions: AnswerQuestions;
  #link: FleetLink | null = null;
  #stop: () => void = () => {};
  #process: ProcessState | null = null;

  /** @param parts asked for once the gateway is made @param tell what cannot be read or written, as one line */
  constructor(port: LinkPort, parts: () => AnswerParts, clock: Clock, tell: (why: string) => void) {
    this.#tell = tell;
    this.#port = port;
    this.#questions = new AnswerQuestions(parts, port);
    this.#parts = parts;
    this.#clock = clock;
  }

  /** Name of this host in its fleet's list; null: it uses no store. */
  get host(): string | null {
    return this.#link?.host ?? null;
  }

  /** null: it has not asked since the gateway started, or not for longer than a running one would wait. */
  get process(): ProcessState | null {
    const last = this.#process;
    const age = this.#clock() - (last?.at ?? 0);
    // a clock may be set back
    return age >= 0 && age < SILENT_MS ? last : null;
  }

  /** The public key of this host's receipts; null: it cannot be made. */
  async receiptKey(): Promise<string | null> {
    try {
      return receiptKeyOf(await this.#port.receiptKey());
    } catch (error) {
      this.#tell(`its receipts' key: ${inOneLine(error)}`);
      return null;
    }
  }

  /** Reads what was kept before a restart, and listens. */
  load(): Promise<void> {
    return this.#told(async () => {
      const text = await this.#port.read();
      if (text === undefined) return;
      this.#link = parseLink(text, this.#port.path);
      await this.#listen(this.#link);
      await this.#follow();
    });
  }

  /**
   * Tells the fleet process how this host reaches the store.
   * @returns why not; null: done @throws FILE_FAILED
   */
  set(host: string, credentials: string | null): Promise<string | null> {
    return this.#turns.run(async () => {
      const list = this.#parts().fleet.kept?.view.list;
      if (!list?.store) return "the list of this host's fleet names no store";
      await this.#put({ fleet: list.name, host, address: list.store, credentials });
      return null;
    });
  }

  /** Call it after every change of the fleet: its list may name another store, or none. */
  follow(): Promise<void> {
    return this.#told(() => this.#follow());
  }

  close(): void {
    this.#stop();
  }

  /** The list is in force, whatever becomes of the file. */
  #told(work: () => Promise<void>): Promise<void> {
    return this.#turns.run(work).catch((error: unknown) => this.#tell(inOneLine(error)));
  }

  async #follow(): Promise<void> {
    const [link, list] = [this.#link, this.#parts().fleet.kept?.view.list];
    if (link === null) return;
    if (!list?.store || list.name !== link.fleet) await this.#put(null);
    else if (JSON.stringify(list.store) !== JSON.stringify(link.address))
      await this.#put({ ...link, address: list.store });
  }

  /** A new file has a new socket: the process, which has read the old file, ends and is started with the new one. */
  async #put(next: Omit<FleetLink, "socket"> | null): Promise<void> {
    const link = next === null ? null : { ...next, socket: this.#port.newSocket() };
    if (link) await this.#listen(link);
    else this.#stop();
    await this.#port.write(link === null ? undefined : formatLink(link));
    this.#link = link;
    this.#process = null;
  }

  async #listen({ socket }: FleetLink): Promise<void> {
    this.#stop();
    this.#stop = await this.#port.listen(socket, (text) => this.#answer(text));
  }

  async #answer(text: string): Promise<string> {
    const question = readPassedQuestion(text);
    if (question !== null) return formatPassedAnswer(await this.#answerQuestion(question));
    const read = readHandOver(text);
    if ("problems" in read) return this.#said({ refused: read.problems.join("; ") });
    const { documents, store, noReceipt } = read.value;
    this.#process = { at: this.#clock(), store, noReceipt };
    try {
      if (documents === null) return await this.#ownList();
      const { refused, receipt } = await takeList(this.#parts(), documents, null);
      return this.#said({ refused, ...countsOf(receipt) });
    } catch (error) {
      return this.#said({ refused: inOneLine(error) });
    }
  }

  /** Its receipt replaces the one of when the list was put in force. */
  async #ownList(): Promise<string> {
    const { fleet } = this.#parts();
    const before = fleet.kept;
    const counts = countsOf(await closedFor(before));
    const { kept } = fleet;
    return this.#said({ documents: kept?.documents ?? null, ...(kept === before && counts) });
  }

  #answerQuestion(question: string): Promise<string> | string {
    const { host } = this;
    return host === null
      ? refuseAnswer(question, "this host uses no store")
      : this.#questions.answer(question, host);
  }

  async #said(answer: Partial<HandOverAnswer>): Promise<string> {
    const { kept } = this.#parts().fleet;
    const refused = answer.refused?.slice(0, MOST_REASON) ?? null;
    const at = Math.floor(this.#clock());
    const inForce = { inForce: kept?.view.version ?? 0, list: kept && listDigest(kept.documents) };
    const said = { ...NOTHING, ...inForce, at, ...answer, refused };
    return formatAnswer({ ...said, signature: await this.#sign(kept, said) });
  }

  async #sign(kept: KeptFleet | null, said: Omit<HandOverAnswer, "signature">): Promise<string | null> {
    const { host } = this;
    if (kept === null || host === null) return null;
    try {
      return signStatement(kept.documents, { host, ...said }, await this.#port.receiptKey());
    } catch (error) {
      this.#tell(`its receipts are not signed: ${inOneLine(error)}`);
      return null;
    }
  }
}
