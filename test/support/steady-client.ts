/** A client that works all the time: one docker command after the other, and a stream that stays open. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Laptop } from "./laptop.ts";
import type { Running } from "./running.ts";

/** What it has done until it was stopped. */
export interface SteadyResult {
  readonly requests: number;
  /** What docker said when a request failed. */
  readonly failures: readonly string[];
  /** Whether the stream was still open, without a gap. */
  readonly isStreaming: boolean;
}

/** What a container runs whose logs a steady client follows. */
export const COUNTS = "i=0; while :; do i=$((i+1)); echo $i; sleep 0.2; done";

const REQUESTS = `eval "$(tetherdock env)"
echo began
n=0
while [ ! -e stop ]; do
  if docker ps -q >/dev/null 2>failure; then n=$((n + 1)); else echo "failed: $(tr '\\n' ' ' <failure)"; fi
done
echo "requests: $n"`;

export class SteadyClient {
  readonly #laptop: Laptop;
  readonly #requests: Running;
  readonly #stream: Running;

  private constructor(laptop: Laptop, requests: Running, stream: Running) {
    this.#laptop = laptop;
    this.#requests = requests;
    this.#stream = stream;
  }

  /** @param container that runs {@link COUNTS} @returns when both its requests and its stream have begun */
  static async start(laptop: Laptop, container: string): Promise<SteadyClient> {
    const requests = laptop.startBash(REQUESTS);
    const stream = laptop.startBash(`eval "$(tetherdock env 2>/dev/null)"; exec docker logs -f ${container}`);
    await requests.until(/began\n/);
    await stream.until(/\d\n/);
    return new SteadyClient(laptop, requests, stream);
  }

  /** Waits until a request of its own has failed with this: one in flight may have been answered before. */
  async failed(why: RegExp): Promise<void> {
    await this.#requests.until(why);
  }

  async stop(): Promise<SteadyResult> {
    // It is open if another line comes now.
    const isStreaming = await this.#stream.until(/\n\d+\n/, { from: this.#stream.text.length }).then(
      () => isGapless(this.#stream.text),
      () => false,
    );
    await writeFile(join(this.#laptop.folder, "stop"), "");
    const { text } = await this.#requests.ended;
    await this.#stream[Symbol.asyncDispose]();
    const requests = Number(/requests: (\d+)/.exec(text)?.[1] ?? 0);
    return { requests, failures: text.match(/failed: .*/g) ?? [], isStreaming };
  }
}

function isGapless(text: string): boolean {
  const numbers = text.split("\n").slice(0, -1).map(Number);
  return numbers.every((number, at) => at === 0 || number === (numbers[at - 1] ?? 0) + 1);
}
