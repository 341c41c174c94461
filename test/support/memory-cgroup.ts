/**
 * An enforced memory limit for a service of a test host. systemd on these hosts has no memory controller
 * (test/hosts/README.md); this machine's own kernel has one, and sees the hosts' processes.
 */
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Host } from "./host.ts";

const HIERARCHY = "/sys/fs/cgroup/memory";

/** Why there is none here, or null. */
export function missingMemoryCgroup(): string | null {
  if (existsSync(`${HIERARCHY}/memory.limit_in_bytes`)) return null;
  return `no cgroup v1 memory hierarchy at ${HIERARCHY}`;
}

/** The folder of the memory cgroup of a process of this machine. */
async function groupOf(pid: string): Promise<string> {
  const [, path] = /^\d+:memory:(.*)$/m.exec(await readFile(`/proc/${pid}/cgroup`, "utf8")) ?? [];
  if (path === undefined) throw new Error(`process ${pid} is in no memory cgroup`);
  return join(HIERARCHY, path);
}

/** The process id of a host's systemd on this machine. */
async function initOf({ name }: Host): Promise<string> {
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "");
    if (!(await read("cgroup")).includes(`-${name}/`)) continue;
    if (/^NSpid:\t\d+\t1$/m.test(await read("status"))) return pid;
  }
  throw new Error(`${name} has no process 1`);
}

/** `await using group = await MemoryCgroup.around(host, service)` */
export class MemoryCgroup implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Restarts the service, so that all its memory counts; processes that systemd starts later are outside. */
  static async around(host: Host, service: string): Promise<MemoryCgroup> {
    const folder = join(HIERARCHY, host.name);
    await mkdir(folder);
    const init = await initOf(host);
    const before = await groupOf(init);
    try {
      await writeFile(join(folder, "cgroup.procs"), init);
      await host.root(`systemctl restart ${service}`);
    } finally {
      await writeFile(join(before, "cgroup.procs"), init);
    }
    return new MemoryCgroup(folder);
  }

  async #number(file: string): Promise<number> {
    return Number(await readFile(join(this.#folder, file), "utf8"));
  }

  /** Bytes; above this the kernel kills. */
  limit(bytes: number): Promise<void> {
    return writeFile(join(this.#folder, "memory.limit_in_bytes"), `${bytes}`);
  }

  used(): Promise<number> {
    return this.#number("memory.usage_in_bytes");
  }

  /** The peak usage since the service started. */
  most(): Promise<number> {
    return this.#number("memory.max_usage_in_bytes");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = (await readFile(join(this.#folder, "cgroup.procs"), "utf8")).split("\n").filter(Boolean);
    for (const pid of left) await writeFile(join(HIERARCHY, "cgroup.procs"), pid).catch(() => {});
    await rmdir(this.#folder);
  }
}
