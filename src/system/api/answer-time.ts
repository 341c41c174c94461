/**
 * How long a gateway may take to answer. It may be hostile: with only an idle timeout, a byte now and then would hold a command up
 * for years.
 */
import type { ClientRequest, IncomingMessage } from "node:http";
import { SECOND_MS } from "../../base/index.ts";
import type { GatewayCall } from "../../gateway/index.ts";

/** Time until an answer begins. */
const ANSWER_MS = 15 * SECOND_MS;

/**
 * Bytes per second that a line carries at least, either way. Slower than any link that people work over (a bad mobile one has
 * 256 kbit/s); still, the longest answer of 8 MiB is here or given up after less than five minutes.
 */
const LEAST_RATE = 32 * 1024;

/** Why it was given up, unlike what the network reports. */
export class TooSlow extends Error {}

const secondsOf = (ms: number): string => `${ms / SECOND_MS} s`;

/** How long the gateway may take, from the first packet on. */
const patienceOf = ({ withinMs, answerMs = ANSWER_MS }: GatewayCall): number => withinMs ?? answerMs;

/**
 * Gives a request up that takes too long; until it is told to stop, its answer too.
 * @param sent bytes that we send: a list of 10,000 clients takes a slow link a minute
 * @returns stops it
 */
export function destroyLate(asking: ClientRequest, call: GatewayCall, sent: number): () => void {
  const ms = patienceOf(call);
  let hasBegun = false;
  asking.once("response", () => {
    hasBegun = true;
  });
  const late = () =>
    asking.destroy(new TooSlow(`${hasBegun ? "not its whole" : "no"} answer within ${secondsOf(ms)}`));
  const timer = setTimeout(late, ms + (sent / LEAST_RATE) * SECOND_MS);
  // A gateway that reads nothing is not given the time for what we send.
  asking.setTimeout(ms, late);
  return () => {
    clearTimeout(timer);
    asking.off("timeout", late).setTimeout(0);
  };
}

/** Gives an answer up that comes too slowly: each time as long as it may take to begin, some of it has to arrive. */
export class Rate {
  readonly #timer: NodeJS.Timeout;
  #bytes = 0;

  constructor(answer: IncomingMessage, call: GatewayCall) {
    const ms = patienceOf(call);
    this.#timer = setInterval(() => {
      const bytes = this.#bytes;
      this.#bytes = 0;
      if (bytes >= (ms / SECOND_MS) * LEAST_RATE) return;
      answer.destroy(new TooSlow(`it is too slow: ${bytes} bytes in ${secondsOf(ms)}`));
    }, ms);
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
