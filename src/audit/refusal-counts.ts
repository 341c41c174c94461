/**
 * Limits the records of refusals. The first of each source and minute are recorded, the rest are counted. The number of
 * sources is limited too; refusals of further sources are one count.
 */
import { MINUTE_MS } from "../base/index.ts";
import type { AuditEvent } from "./event.ts";

/** All for one minute. */
export interface RefusalLimits {
  /** Records of one source. */
  readonly perSource: number;
  /** Records of all sources. */
  readonly inAll: number;
  /** Sources that are counted separately. */
  readonly sources: number;
}

/** The refusals of one source. */
interface Count {
  /** The client's fields for the record of this count. */
  readonly who: Pick<AuditEvent, "client" | "fingerprint" | "address">;
  recorded: number;
  counted: number;
  bytesIn: number;
  bytesOut: number;
  /** The rule of the last counted refusal. */
  rule: string;
}

const NOBODY: Count["who"] = { client: null, fingerprint: null, address: "" };

function newCount(who: Count["who"]): Count {
  return { who, recorded: 0, counted: 0, bytesIn: 0, bytesOut: 0, rule: "" };
}

export class RefusalCounts {
  readonly #limits: RefusalLimits;
  readonly #sources = new Map<string, Count>();
  #others = newCount(NOBODY);
  #recorded = 0;
  #since = Number.NEGATIVE_INFINITY;

  constructor(limits: RefusalLimits) {
    this.#limits = limits;
  }

  /**
   * Takes a refusal. Call `due` first.
   * @param source the source to count it for
   * @param who the source's part of the count's record
   * @returns whether to record it; otherwise it was counted
   */
  take(event: AuditEvent, source: string, who: Count["who"]): boolean {
    if (this.#isEmpty) this.#since = event.time;
    const count = this.#of(source, who);
    const { perSource, inAll } = this.#limits;
    if (count !== this.#others && count.recorded < perSource && this.#recorded < inAll) {
      count.recorded += 1;
      this.#recorded += 1;
      return true;
    }
    count.counted += 1;
    count.bytesIn += event.bytesIn;
    count.bytesOut += event.bytesOut;
    count.rule = event.rule;
    return false;
  }

  /** @returns the counts as records, once their minute is over */
  due(now: number): AuditEvent[] {
    return this.#isEmpty || now - this.#since < MINUTE_MS ? [] : this.rest(now);
  }

  /** @returns the counts as records, whether their minute is over or not */
  rest(now: number): AuditEvent[] {
    const events = [...this.#sources.values(), this.#others]
      .filter(({ counted }) => counted > 0)
      .map((count) => this.#event(count, now));
    this.#sources.clear();
    this.#others = newCount(NOBODY);
    this.#recorded = 0;
    return events;
  }

  get #isEmpty(): boolean {
    return this.#sources.size === 0;
  }

  #of(source: string, who: Count["who"]): Count {
    const known = this.#sources.get(source);
    if (known) return known;
    if (this.#sources.size >= this.#limits.sources) return this.#others;
    const count = newCount(who);
    this.#sources.set(source, count);
    return count;
  }

  #event({ who, counted, bytesIn, bytesOut, rule }: Count, now: number): AuditEvent {
    const nothing = {
      connection: "",
      request: 0,
      operation: null,
      method: "",
      target: "",
      status: null,
    } as const;
    return {
      time: now,
      event: "refusals",
      ...who,
      ...nothing,
      decision: "refuse",
      rule,
      bytesIn,
      bytesOut,
      durationMs: Math.max(0, Math.round(now - this.#since)),
      count: counted,
    };
  }
}
