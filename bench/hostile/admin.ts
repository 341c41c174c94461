/** An admin that sends a request every ten milliseconds, each tenth an action, and now and then a new connection. */
import { setTimeout as wait } from "node:timers/promises";
import type { Wire } from "../../test/gateway/support/wire.ts";

/** Milliseconds. */
export interface Figures {
  readonly p50: number;
  readonly p99: number;
  /** From the start of a new connection to its first answer, p50. */
  readonly newcomer: number;
  /** New connections that were not served within 5 s. */
  readonly turnedAway: number;
}

const EACH_MS = 10;
const ACTION_EACH = 10;
const NEWCOMER_EACH = 50;

function share(times: readonly number[], part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

async function answer(wire: Wire, method: string, target: string): Promise<void> {
  wire.send(`${method} ${target} HTTP/1.1\r\nHost: d\r\n\r\n`);
  const head = await wire.sees("\r\n\r\n");
  await wire.takes(Number(/Content-Length: (\d+)/i.exec(head)?.[1]));
  if (!head.startsWith("HTTP/1.1 200")) throw new Error(head);
}

export class Admin {
  /** Actions that were answered. */
  actions = 0;
  readonly #connect: () => Promise<Wire>;
  #wire: Wire | null = null;
  #count = 0;

  /** @param connect a new connection, or a rejection when there is none within 5 s */
  constructor(connect: () => Promise<Wire>) {
    this.#connect = connect;
  }

  /** Runs this long. A request that starts late counts from its planned time, so that no delay is left out. */
  async works(ms: number): Promise<Figures> {
    this.#wire ??= await this.#connect();
    const times: number[] = [];
    const newcomers: Promise<number>[] = [];
    const start = performance.now();
    for (let due = start; due < start + ms; due += EACH_MS) {
      await wait(Math.max(0, due - performance.now()));
      this.#count++;
      if (this.#count % NEWCOMER_EACH === 0) newcomers.push(this.#newcomer());
      const from = performance.now();
      await this.#request(this.#wire);
      times.push(performance.now() - from + Math.max(0, from - due - EACH_MS));
    }
    const came = await Promise.all(newcomers);
    const served = came.filter((time) => Number.isFinite(time));
    return {
      p50: share(times, 0.5),
      p99: share(times, 0.99),
      newcomer: share(served, 0.5),
      turnedAway: came.length - served.length,
    };
  }

  async #request(wire: Wire): Promise<void> {
    if (this.#count % ACTION_EACH !== 0) return answer(wire, "GET", "/containers/json");
    await answer(wire, "POST", `/containers/bench-${this.#count}/start`);
    this.actions++;
  }

  async #newcomer(): Promise<number> {
    const start = performance.now();
    try {
      const wire = await this.#connect();
      await answer(wire, "GET", "/_ping");
      wire.destroy();
      return performance.now() - start;
    } catch {
      return Number.POSITIVE_INFINITY;
    }
  }
}
