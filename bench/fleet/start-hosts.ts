/** Stand-in hosts of a fleet in several processes: gets credentials for them, connects them, and hears what they have. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { OperatorStore } from "../../src/fleet/index.ts";
import type { Wanted } from "./hosts.ts";
import { Watch } from "./watch.ts";

const PROCESSES = 4;
/** As `fleet join` does. */
const AT_ONCE = 8;
/** So that not all connect in one moment: that is measured apart. */
export const GROUP = 100;
const HOSTS = join(import.meta.dirname, "hosts.ts");

type Host = Wanted["hosts"][number];

/** @param verifying how many of them do all their work, spread over the processes */
export async function admitAll(
  store: OperatorStore,
  hosts: readonly Pick<Host, "name" | "receiptKey">[],
  verifying: number,
): Promise<readonly Host[]> {
  const all: Host[] = [];
  const queue = hosts.entries();
  const { length } = hosts;
  const worker = async () => {
    for (const [at, host] of queue) {
      const verifies = Math.floor(((at + 1) * verifying) / length) > Math.floor((at * verifying) / length);
      all[at] = { ...host, credentials: (await store.admit(host.name)) ?? "", verifies };
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return all;
}

export class Hosts {
  readonly watch = new Watch();
  readonly #children: ChildProcess[] = [];

  get pids(): readonly number[] {
    return this.#children.map(({ pid }) => pid ?? 0);
  }

  /** Until every host has put the version in force. */
  async connect({ hosts: all, ...wanted }: Wanted): Promise<void> {
    for (let at = 0; at < PROCESSES; at++)
      this.#children.push(fork(HOSTS, { stdio: ["ignore", "ignore", "inherit", "ipc"] }));
    for (const child of this.#children) child.on("message", (told) => this.watch.hear(told as never));
    for (let at = 0; at < all.length; at += GROUP) {
      const some = all.slice(at, at + GROUP);
      const here = this.watch.all(wanted.version, some.length);
      for (const [index, child] of this.#children.entries()) {
        const hosts = some.filter((_, one) => one % PROCESSES === index);
        child.send({ ...wanted, hosts } satisfies Wanted);
      }
      await here;
    }
  }

  async end(): Promise<void> {
    for (const child of this.#children) {
      child.kill();
      await once(child, "exit");
    }
  }
}
