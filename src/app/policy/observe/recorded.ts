/** What the audit log recorded of a client. Records are foreign: everything that is kept of them has a bound. */
import { type AuditEvent, readRecord, timeOfRecord } from "../../../audit/index.ts";
import { findOperation } from "../../../engine/index.ts";
import { askRecords, type GatewayPorts, gatewayAccess } from "../../gateway-api/index.ts";

/** Which records. Times are milliseconds since the epoch. */
export interface RecordedSpan {
  /** As typed; undefined: the line that is meant when none is named. */
  readonly line: string | undefined;
  readonly client: string;
  readonly since: number;
  /** Undefined: until now. */
  readonly until: number | undefined;
}

/** Requests that were the same, but for the time. */
export interface RecordedRequest {
  readonly operation: string;
  readonly method: string;
  readonly target: string;
  count: number;
}

const MAX_RECORDS = 100_000;
/** Different requests that are kept. */
const MAX_REQUESTS = 5_000;
const MAX_RULES = 200;
const MAX_IMAGES = 100;
/** Parts of the log are merged by time, but a record may come a little after a later one. */
const DISORDER_MS = 5_000;

/** A gRPC method: `/moby.buildkit.v1.Control/Solve`. */
const BUILD_CALL = /^\/[a-z]+(\.\w+)+\/\w+$/;

export class Recorded {
  readonly #requests = new Map<string, RecordedRequest>();
  readonly operations = new Set<string>();
  readonly rules = new Set<string>();
  /** Repositories that were pulled, as they were named. */
  readonly pulled = new Set<string>();
  /** Permitted requests; refused ones; permitted calls of builds; permitted ones of the admin API and the like. */
  permitted = 0;
  refused = 0;
  builds = 0;
  others = 0;
  /** Permitted requests that are not among those kept: too many, or a target that was cut. */
  notKept = 0;
  acts = false;
  /** The time of the last record that was read, where there were too many; null: all were read. */
  readUntil: number | null = null;

  get requests(): readonly RecordedRequest[] {
    return [...this.#requests.values()];
  }

  /** @param line a record's JSON; one that cannot be read is left out */
  add(line: string): void {
    const record = readRecord(line);
    if (record === undefined || record.event === "end") return;
    if (record.decision !== "allow") this.refused += Math.max(1, Math.floor(record.count ?? 1));
    else if (record.event === "request" || record.event === "start") this.#addPermitted(record);
  }

  #addPermitted({ method, target, rule, cut }: AuditEvent): void {
    this.permitted += 1;
    const call = findOperation(method, target);
    if (call === null) {
      if (BUILD_CALL.test(target)) this.builds += 1;
      else this.others += 1;
      return;
    }
    const { name } = call.operation;
    this.operations.add(name);
    if (method !== "GET" && method !== "HEAD") this.acts = true;
    if (this.rules.size < MAX_RULES) this.rules.add(rule);
    const image = new URLSearchParams(call.query).get("fromImage");
    if (name === "ImageCreate" && image && this.pulled.size < MAX_IMAGES) this.pulled.add(image);
    const key = `${method} ${target}`;
    const known = this.#requests.get(key);
    if (known) known.count += 1;
    else if (cut?.["target"] !== undefined || this.#requests.size >= MAX_REQUESTS) this.notKept += 1;
    else this.#requests.set(key, { operation: name, method, target, count: 1 });
  }
}

/** @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED, LINE_… */
export async function readRecorded(
  ports: GatewayPorts,
  { line, client, since, until = Number.POSITIVE_INFINITY }: RecordedSpan,
  most = MAX_RECORDS,
): Promise<Recorded> {
  const recorded = new Recorded();
  let count = 0;
  for await (const one of askRecords(ports.gateway, await gatewayAccess(ports, line), {
    sinceMs: since,
    client,
  })) {
    const time = timeOfRecord(one);
    if (time > until + DISORDER_MS) break;
    if (time > until) continue;
    if (++count > most) {
      recorded.readUntil = time;
      break;
    }
    recorded.add(one);
  }
  return recorded;
}
