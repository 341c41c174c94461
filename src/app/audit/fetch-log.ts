/**
 * `audit fetch`: copies what a host's log has got since the last time. Files of a log only grow, so the length of a copied file
 * says what is missing, and nothing is ever copied twice or changed. A host that changes what was copied shows.
 */
import {
  AUDIT_PARTS,
  type AuditPart,
  type AuditProblem,
  auditFileName,
  auditFileNumber,
  type FileHeader,
  isAuditFileName,
  type LogCopy,
} from "../../audit/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { type LogFile, readLogBytes, readLogFiles } from "../gateway-api/index.ts";
import type { AskLog } from "./ask-log.ts";
import { counts, noRoom } from "./room.ts";

/** What one fetch has added. */
export interface Fetched {
  /** To how many files. */
  readonly files: number;
  readonly bytes: number;
  /** Whether there is more, for the next fetch. */
  readonly more: boolean;
  /** Differences between the copy and the host's log, and broken seals of what is new. */
  readonly problems: readonly AuditProblem[];
  /** Why the rest was not copied, if this machine has no room for it. */
  readonly noRoom: TetherdockError | null;
}

/** When a fetch ends before all is copied. */
export interface FetchBounds {
  /** Whether it has taken long enough, and leaves the rest to the next fetch. Default: never. */
  readonly isOver?: () => boolean;
  /** Bytes that the copy may have. Default: what the disk has room for. */
  readonly most?: number;
}

/** Of one fetch: a host must not fill this machine's disk in one go. Default logs have at most 1.5 GiB. */
export const MOST_FETCHED = 4 * 1024 ** 3;

const onHost = (file: string, what: string): AuditProblem => ({ file, line: null, what });

/** A host gives more in a piece, but for the last of a file: one that drips would hold a fetch up for ever. */
const LEAST_PIECE = 64 * 1024;

/** Of each part: nobody needs to be told of more. */
const MOST_GONE = 20;

const namesOf = (files: readonly LogFile[]): string[] => files.map(({ name }) => name);

/** Ascending. */
const numbersOf = (names: readonly string[], part: AuditPart): number[] =>
  names.flatMap((name) => auditFileNumber(name, part) ?? []).toSorted((a, b) => a - b);

/** Whether no part has got another file. */
const isSameEnd = (before: readonly LogFile[], now: readonly LogFile[]): boolean =>
  AUDIT_PARTS.every(
    (part) => numbersOf(namesOf(before), part).at(-1) === numbersOf(namesOf(now), part).at(-1),
  );

/**
 * Files that are gone and were not rotated away. Each file's header, which is part of the chain, names the oldest file that the
 * log kept when it was begun; so does the list itself for what was copied.
 * @param copied their numbers, as all here @param there on the host @param header of the newest there; undefined: not copied
 */
function gone(copied: readonly number[], there: readonly number[], header: FileHeader | undefined): number[] {
  const known = new Set(there);
  const [oldest = 0] = there;
  const found = new Set(copied.filter((number) => number >= oldest && !known.has(number)));
  const kept = Math.max(1, header?.oldest ?? 1);
  for (let at = header?.file ?? 0; at >= kept && found.size < MOST_GONE; at--)
    if (!known.has(at)) found.add(at);
  return [...found].toSorted((a, b) => a - b).slice(0, MOST_GONE);
}

class Fetch {
  readonly #ask: AskLog;
  readonly #copy: LogCopy;
  readonly #bounds: Required<FetchBounds>;
  /** What the files of the copy count. */
  #copied = 0;
  #noRoom: TetherdockError | null = null;
  files = 0;
  bytes = 0;
  more = false;
  readonly problems: AuditProblem[] = [];

  constructor(
    ask: AskLog,
    copy: LogCopy,
    { isOver = () => false, most = Number.POSITIVE_INFINITY }: FetchBounds,
  ) {
    this.#ask = ask;
    this.#copy = copy;
    this.#bounds = { isOver, most };
  }

  async run(): Promise<Fetched> {
    const files = await this.#list();
    const sizes = await this.#copy.sizes();
    for (const bytes of sizes.values()) this.#copied += counts(bytes);
    for (const file of files) await this.#file(file, sizes.get(file.name) ?? 0);
    const gone = await this.#allGone([...sizes.keys()], files);
    // One may have been rotated away while the host made its list: the next fetch tells.
    if (gone.length > 0 && isSameEnd(files, await this.#list())) this.problems.push(...gone);
    const { bytes, more, problems } = this;
    return { files: this.files, bytes, more, problems, noRoom: this.#noRoom };
  }

  async #list(): Promise<readonly LogFile[]> {
    const { files } = await this.#ask("audit/files", readLogFiles);
    return files.filter(({ name }) => isAuditFileName(name));
  }

  /** @param copied names before this fetch */
  async #allGone(copied: readonly string[], files: readonly LogFile[]): Promise<AuditProblem[]> {
    const found: AuditProblem[] = [];
    for (const part of AUDIT_PARTS) {
      const there = numbersOf(namesOf(files), part);
      const newest = there.at(-1);
      const header = newest === undefined ? undefined : await this.#copy.header(auditFileName(newest, part));
      for (const number of gone(numbersOf(copied, part), there, header))
        found.push(onHost(auditFileName(number, part), "is gone from the host"));
    }
    return found;
  }

  async #file({ name, bytes }: LogFile, copied: number): Promise<void> {
    if (bytes < copied)
      this.problems.push(
        onHost(name, `has ${bytes} bytes on the host, of which ${copied} were copied: cut off or replaced`),
      );
    let at = copied;
    while (at < bytes && !this.more) {
      this.more = this.#bounds.isOver() || !(await this.#hasRoom());
      if (this.more) break;
      const added = await this.#piece(name, at);
      at += added;
      if (added < LEAST_PIECE) break;
    }
    if (at === copied) return;
    this.files++;
    this.problems.push(...(await this.#copy.check(name)));
  }

  async #hasRoom(): Promise<boolean> {
    this.#noRoom = noRoom(this.#copy, await this.#copy.room(), this.#copied, this.#bounds.most);
    return this.#noRoom === null;
  }

  /** @returns null: the file is gone since the host listed it, as the log drops its oldest */
  async #bytes(name: string, at: number): Promise<{ readonly bytes: string } | null> {
    try {
      return await this.#ask(`audit/files/${name}?from=${at}`, readLogBytes);
    } catch (error) {
      if (!(error instanceof TetherdockError && error.code === "GATEWAY_REFUSED")) throw error;
      if (namesOf(await this.#list()).includes(name)) throw error;
      return null;
    }
  }

  /** @returns how many bytes it added; 0: the rest is not sealed yet, or the file is gone */
  async #piece(name: string, at: number): Promise<number> {
    const answer = await this.#bytes(name, at);
    if (answer === null) return 0;
    const bytes = Buffer.from(answer.bytes, "base64");
    if (bytes.length > 0) await this.#copy.write(name, at, bytes);
    this.#copied += counts(at + bytes.length) - counts(at);
    this.bytes += bytes.length;
    this.more = this.bytes >= MOST_FETCHED;
    return bytes.length;
  }
}

/**
 * @throws as {@link AskLog}; FILE_FAILED: what was copied stays, and the next fetch goes on
 */
export function fetchLog(ask: AskLog, copy: LogCopy, bounds: FetchBounds = {}): Promise<Fetched> {
  return new Fetch(ask, copy, bounds).run();
}
