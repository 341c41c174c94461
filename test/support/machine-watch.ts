/** Records this machine's state during the tests that boot hosts, for readers of a timeout. */
import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const EVERY_MS = 1_000;

/** The worst value of one measurement, and its time. */
class Worst {
  #ms = 0;
  #at = new Date();
  readonly #what: string;

  constructor(what: string) {
    this.#what = what;
  }

  see(ms: number): void {
    if (ms <= this.#ms) return;
    this.#ms = ms;
    this.#at = new Date();
  }

  toString(): string {
    return `${this.#what} ${Math.round(this.#ms)} ms (${this.#at.toISOString().slice(11, 19)})`;
  }
}

async function availableMiB(): Promise<number> {
  const [, kib] = /^MemAvailable: +(\d+)/m.exec(await readFile("/proc/meminfo", "utf8")) ?? [];
  return Math.round(Number(kib) / 1024);
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await act();
  return performance.now() - from;
}

/** Prints the longest pause, the slowest small write and the least memory after the tests. */
export default async function watch(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "watch-"));
  const file = await open(join(folder, "written"), "w");
  const write = async () => {
    await file.write("x", 0);
    await file.sync();
  };
  const pause = new Worst("longest pause");
  const written = new Worst("slowest write of one byte to the disk");
  let [least, ended] = [await availableMiB(), false];
  const { promise: end, resolve: stop } = Promise.withResolvers<void>();
  const watching = (async () => {
    while (!ended) {
      written.see(await timed(write));
      least = Math.min(least, await availableMiB());
      const rest = new Promise((resolve) => setTimeout(resolve, EVERY_MS).unref());
      pause.see((await timed(() => Promise.race([rest, end]))) - EVERY_MS);
    }
  })();
  return async () => {
    ended = true;
    stop();
    await watching;
    await file.close();
    await rm(folder, { recursive: true });
    console.log(`-- this machine: ${pause}, ${written}, least memory available ${least} MiB`);
  };
}
