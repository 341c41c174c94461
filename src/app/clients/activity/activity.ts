/**
 * What a client did, summed up from its audit records. Records are foreign: everything that is kept of them has a bound,
 * and what no longer fits is counted.
 */
import { type AuditEvent, readRecord } from "../../../audit/index.ts";
import { findOperation } from "../../../engine/index.ts";
import { type Counted, Counts, Names, type Touched } from "./tally.ts";

/** What operations are about, by the first word of their path. */
const KINDS = ["containers", "images", "volumes", "networks"] as const;
type Kind = (typeof KINDS)[number];

const MAX_ADDRESSES = 20;
const LATEST = 5;
/** Other permitted records are of what an admin did to the gateway itself. */
const OF_REQUESTS: ReadonlySet<string> = new Set(["request", "start", "end"]);

export interface Refusal {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly operation: string | null;
  readonly method: string;
  readonly target: string;
  readonly rule: string;
}

export interface Activity {
  readonly records: number;
  /** The last record; null: there is none. */
  readonly lastSeen: { readonly time: number; readonly address: string } | null;
  /** At most 20. */
  readonly addresses: readonly string[];
  /** Permitted requests that only read, and those that do more, streams included. */
  readonly reads: number;
  readonly actions: number;
  /** Permitted, and answered with an error. */
  readonly failed: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Permitted, most frequent first. */
  readonly operations: readonly Counted[];
  /** Named by an action. */
  readonly touched: Readonly<Record<Kind, Touched>>;
  /** Programs started in containers. */
  readonly execs: number;
  /** Changes to the gateway, such as of its client list. */
  readonly admin: readonly Counted[];
  readonly refused: {
    readonly count: number;
    /** `OPERATION: RULE`, most frequent first. */
    readonly rules: readonly Counted[];
    /** The last five, newest first. */
    readonly latest: readonly Refusal[];
  };
}

/** Each connection has a port of its own. @param address as in records: `192.0.2.7:49152`, `[2001:db8::7]:49152` */
export function withoutPort(address: string): string {
  const [, bracketed, plain] = /^(?:\[(.+)\]|([^:]+)):\d{1,5}$/.exec(address) ?? [];
  return bracketed ?? plain ?? address;
}

/** Which of its things an action names; a pull names its image in the query. */
function thingOf({ method, target }: AuditEvent): readonly [Kind, string] | undefined {
  const call = findOperation(method, target);
  if (call === null) return undefined;
  const query = new URLSearchParams(call.query);
  const image = call.operation.name === "ImageCreate" ? query.get("fromImage") : null;
  if (image) return ["images", query.get("tag") ? `${image}:${query.get("tag")}` : image];
  const created = call.operation.name === "ContainerCreate" ? query.get("name") : null;
  if (created) return ["containers", created];
  const kind = KINDS.find((one) => call.operation.path.startsWith(`/${one}/{`));
  const name = call.params["id"] ?? call.params["name"];
  return kind && name ? [kind, name] : undefined;
}

export class ActivitySum {
  readonly #operations = new Counts();
  readonly #rules = new Counts();
  readonly #admin = new Counts();
  readonly #addresses = new Names();
  readonly #touched: Readonly<Record<Kind, Names>> = {
    containers: new Names(),
    images: new Names(),
    volumes: new Names(),
    networks: new Names(),
  };
  #latest: Refusal[] = [];
  #lastSeen: Activity["lastSeen"] = null;
  #sums = { records: 0, reads: 0, actions: 0, failed: 0, bytesIn: 0, bytesOut: 0, execs: 0, refused: 0 };

  /** @param line a record's JSON; one that cannot be read is left out */
  add(line: string): void {
    const record = readRecord(line);
    if (record === undefined) return;
    this.#sums.records += 1;
    if (record.address !== "") {
      const address = withoutPort(record.address);
      this.#lastSeen = { time: record.time, address };
      this.#addresses.add(address);
    }
    const { event, decision, rule, target } = record;
    if (decision !== "allow") this.#addRefused(record);
    else if (OF_REQUESTS.has(event)) this.#addPermitted(record);
    else this.#admin.add(`${rule} ${target}`.trim());
  }

  get activity(): Activity {
    const { refused, ...sums } = this.#sums;
    const { containers, images, volumes, networks } = this.#touched;
    return {
      ...sums,
      lastSeen: this.#lastSeen,
      addresses: this.#addresses.touched.names.slice(0, MAX_ADDRESSES),
      operations: this.#operations.sorted,
      touched: {
        containers: containers.touched,
        images: images.touched,
        volumes: volumes.touched,
        networks: networks.touched,
      },
      admin: this.#admin.sorted,
      refused: { count: refused, rules: this.#rules.sorted, latest: this.#latest.toReversed() },
    };
  }

  /** An action, and a stream, has a record of its start and one of its end. */
  #addPermitted(record: AuditEvent): void {
    const { event, operation, method, status, bytesIn, bytesOut } = record;
    if (event === "request" || event === "end") {
      this.#sums.bytesIn += bytesIn;
      this.#sums.bytesOut += bytesOut;
      if (status !== null && status >= 400) this.#sums.failed += 1;
    }
    if (event !== "request" && event !== "start") return;
    this.#operations.add(operation ?? `${method} of the gateway`);
    if (event === "request") this.#sums.reads += 1;
    else this.#addAction(record);
  }

  #addAction(record: AuditEvent): void {
    this.#sums.actions += 1;
    if (record.operation === "ContainerExec") this.#sums.execs += 1;
    const thing = thingOf(record);
    if (thing !== undefined) this.#touched[thing[0]].add(thing[1]);
  }

  #addRefused({ event, time, operation, method, target, rule, count }: AuditEvent): void {
    const many = event === "refusals" ? Math.max(0, count ?? 0) : 1;
    this.#sums.refused += many;
    const what = operation ?? (method || event);
    this.#rules.add(event === "refusals" ? "not recorded one by one" : `${what}: ${rule}`, many);
    if (event === "refusals") return;
    this.#latest.push({ time, operation, method, target, rule });
    this.#latest = this.#latest.slice(-LATEST);
  }
}
