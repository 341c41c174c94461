/** Between the gateway and the audit log: decides what is written at once, and which refusals are only counted. */
import { type AuditEvent, type AuditPart, type AuditSink, RefusalCounts } from "../../audit/index.ts";
import { addressGroup } from "../admission/address-group.ts";

/** For clients, and for keys that are not on the list. */
const CLIENT_LIMITS = { perSource: 20, inAll: 100, sources: 64 } as const;

/** For addresses without a certificate from our CA. There may be any number, so all share the quota of one client. */
const STRANGER_LIMITS = { perSource: 20, inAll: 20, sources: 64 } as const;

/** @param address with a port, as in records @returns the address, or the /64 of an IPv6 address */
function networkOf(address: string): string {
  const { network } = addressGroup(address.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1"));
  return network.includes(":") ? `${network}::/64` : network;
}

export class Recorder {
  readonly #sink: AuditSink;
  readonly #clients = new RefusalCounts(CLIENT_LIMITS);
  readonly #strangers = new RefusalCounts(STRANGER_LIMITS);

  constructor(sink: AuditSink) {
    this.#sink = sink;
  }

  /** Why records cannot be written now; null when they can. */
  get failure(): string | null {
    return this.#sink.failure;
  }

  record(event: AuditEvent, part: AuditPart): void {
    if (part !== "refusals") this.#sink.record(event, part);
    else if (this.#isRecorded(event)) this.#sink.record(event, part);
  }

  /** For an action: its record must be in the file before it happens. @returns false when it could not be written */
  recordNow(event: AuditEvent): boolean {
    this.#sink.record(event, "actions");
    this.#sink.write("actions");
    return this.#sink.failure === null;
  }

  /** Records counts at the end of their minute. Call it a few times a second. */
  sweep(now: number): void {
    for (const counts of [this.#clients, this.#strangers])
      for (const event of counts.due(now)) this.#sink.record(event, "refusals");
  }

  /** Records all counts. Nothing may be counted afterwards. */
  end(now: number): void {
    for (const counts of [this.#clients, this.#strangers])
      for (const event of counts.rest(now)) this.#sink.record(event, "refusals");
  }

  #isRecorded(event: AuditEvent): boolean {
    this.sweep(event.time);
    const { client, fingerprint } = event;
    const address = networkOf(event.address);
    const who = { client, fingerprint, address };
    const key = client ?? fingerprint;
    return key === null ? this.#strangers.take(event, address, who) : this.#clients.take(event, key, who);
  }
}
