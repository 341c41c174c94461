/** Reads an answer of lines, which may go on for days: but a line that has begun comes to its end. */
import type { IncomingMessage } from "node:http";
import { SECOND_MS } from "../../base/index.ts";
import type { GatewayCall } from "../../gateway/index.ts";
import { TooSlow } from "./answer-time.ts";

/** An audit record has at most 64 KiB of target. */
const MAX_LINE_CHARACTERS = 1024 * 1024;
/** A gateway writes each line at once. */
const LINE_MS = 60 * SECOND_MS;

/** Measures only while the host is waited for: whoever reads the lines may take as long as they like. */
class Patience {
  readonly #answer: IncomingMessage;
  readonly #quietMs: number | undefined;
  readonly #lineMs: number;
  #left: number;

  constructor(answer: IncomingMessage, { quietMs }: GatewayCall, lineMs: number) {
    this.#answer = answer;
    this.#quietMs = quietMs;
    this.#lineMs = lineMs;
    this.#left = lineMs;
  }

  /** A line is complete. */
  renew(): void {
    this.#left = this.#lineMs;
  }

  /** @param isWithin whether a line has begun */
  async next(chunks: AsyncIterator<string>, isWithin: boolean): Promise<IteratorResult<string>> {
    const ms = isWithin ? this.#left : this.#quietMs;
    const give = () =>
      this.#answer.destroy(new TooSlow(isWithin ? "it stopped in the middle of a line" : "it has stopped"));
    const timer = ms === undefined ? undefined : setTimeout(give, Math.max(0, ms));
    const from = performance.now();
    try {
      return await chunks.next();
    } finally {
      clearTimeout(timer);
      if (isWithin) this.#left -= performance.now() - from;
    }
  }
}

/** @param lineMs how long a line may take; for tests @throws Error whose message says why it ends before its end */
export async function* linesIn(
  answer: IncomingMessage,
  call: GatewayCall,
  lineMs = LINE_MS,
): AsyncGenerator<string> {
  const patience = new Patience(answer, call, lineMs);
  const chunks = (answer.setEncoding("utf8") as AsyncIterable<string>)[Symbol.asyncIterator]();
  let rest = "";
  for (;;) {
    const { done, value } = await patience.next(chunks, rest !== "");
    if (done) return;
    const lines = (rest + value).split("\n");
    rest = lines.pop() ?? "";
    if (rest.length > MAX_LINE_CHARACTERS) throw new Error("a line of it is too long");
    if (lines.length > 0) patience.renew();
    yield* lines;
  }
}
