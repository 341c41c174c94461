/**
 * `audit fetch`: copies what a host's log has got since the last time. Files of a log only grow, so the length of a copied file
 * says what is missing, and nothing is ever copied twice or changed. A host that changes what was copied shows.
 */
import {
  AUDIT_PARTS,
  type AuditProblem,
  auditFileNumber,
  isAuditFileName,
  type LogCopy,
} from "../../audit/index.ts";
import {
  callLine,
  type GatewayPorts,
  type LogFile,
  readLogBytes,
  readLogFiles,
} from "../gateway-api/index.ts";

/** What one fetch has added. */
export interface Fetched {
  /** To how many files. */
  readonly files: number;
  readonly bytes: number;
  /** Whether there is more, for the next fetch. */
  readonly more: boolean;
  /** Differences between the copy and the host's log, and broken seals of what is new. */
  readonly problems: readonly AuditProblem[];
}

/** Of one fetch: a host must not fill this machine's disk in one go. Default logs have at most 1.5 GiB. */
const MOST_BYTES = 4 * 1024 ** 3;

const onHost = (file: string, what: string): AuditProblem => ({ file, line: null, what });

/** The oldest files of a part may be gone, as the log makes room; others may not. */
function problemsOfMissing(copied: Iterable<string>, files: readonly LogFile[]): AuditProblem[] {
  const names = new Set(files.map(({ name }) => name));
  const oldest = (name: string): number => {
    const part = AUDIT_PARTS.find((one) => auditFileNumber(name, one) !== undefined);
    const numbers = files.flatMap((file) => auditFileNumber(file.name, part) ?? []);
    return numbers.length === 0 ? 0 : Math.min(...numbers);
  };
  const numberOf = (name: string) => Number(/\d+/.exec(name)?.[0]);
  return [...copied]
    .filter((name) => !names.has(name) && numberOf(name) >= oldest(name))
    .map((name) => onHost(name, "is gone from the host"));
}

class Fetch {
  readonly #ports: GatewayPorts;
  readonly #line: string | undefined;
  readonly #copy: LogCopy;
  files = 0;
  bytes = 0;
  more = false;
  readonly problems: AuditProblem[] = [];

  constructor(ports: GatewayPorts, line: string | undefined, copy: LogCopy) {
    this.#ports = ports;
    this.#line = line;
    this.#copy = copy;
  }

  async run(): Promise<Fetched> {
    const call = { method: "GET", path: "audit/files" } as const;
    const answer = await callLine(this.#ports, this.#line, call, readLogFiles);
    const files = answer.files.filter(({ name }) => isAuditFileName(name));
    const sizes = await this.#copy.sizes();
    this.problems.push(...problemsOfMissing(sizes.keys(), files));
    for (const file of files) await this.#file(file, sizes.get(file.name) ?? 0);
    const { bytes, more, problems } = this;
    return { files: this.files, bytes, more, problems };
  }

  async #file({ name, bytes }: LogFile, copied: number): Promise<void> {
    if (bytes < copied)
      this.problems.push(
        onHost(name, `has ${bytes} bytes on the host, of which ${copied} were copied: cut off or replaced`),
      );
    let at = copied;
    while (at < bytes && !this.more) {
      const added = await this.#piece(name, at);
      if (added === 0) break;
      at += added;
    }
    if (at === copied) return;
    this.files++;
    this.problems.push(...(await this.#copy.check(name)));
  }

  /** @returns how many bytes it added; 0: the rest is not sealed yet, or the file is gone */
  async #piece(name: string, at: number): Promise<number> {
    const call = { method: "GET", path: `audit/files/${name}?from=${at}` } as const;
    const answer = await callLine(this.#ports, this.#line, call, readLogBytes);
    const bytes = Buffer.from(answer.bytes, "base64");
    if (bytes.length > 0) await this.#copy.write(name, at, bytes);
    this.bytes += bytes.length;
    this.more = this.bytes >= MOST_BYTES;
    return bytes.length;
  }
}

/**
 * @param line as typed; undefined: the one that is meant when none is named
 * @throws LINE_…, GATEWAY_UNREACHABLE, GATEWAY_REFUSED, FILE_FAILED: what was copied stays, and the next fetch goes on
 */
export function fetchLog(ports: GatewayPorts, line: string | undefined, copy: LogCopy): Promise<Fetched> {
  return new Fetch(ports, line, copy).run();
}
