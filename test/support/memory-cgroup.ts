/**
 * A limit of memory that counts, around a service of a test host. systemd on these hosts has no memory controller to
 * hand limits to (test/hosts/README.md); this machine's own kernel has, and sees the hosts' processes.
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

/** The memory cgroup that a process of this machine is in, as a folder. */
async function groupOf(pid: string): Promise<string> {
  const [, path] = /^\d+:memory:(.*)$/m.exec(await readFile(`/proc/${pid}/cgroup`, "utf8")) ?? [];
  if (path === undefined) throw new Error(`process ${pid} is in no memory cgroup`);
  return join(HIERARCHY, path);
}

/** A host's systemd, by its id on this machine. */
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

  /** Starts the service anew, so that all it uses counts; what systemd starts after that is outside. */
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

  /** Bytes; beyond them the kernel kills. */
  limit(bytes: number): Promise<void> {
    return writeFile(join(this.#folder, "memory.limit_in_bytes"), `${bytes}`);
  }

  used(): Promise<number> {
    return this.#number("memory.usage_in_bytes");
  }

  /** The most that was used since the service started. */
  most(): Promise<number> {
    return this.#number("memory.max_usage_in_bytes");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = (await readFile(join(this.#folder, "cgroup.procs"), "utf8")).split("\n").filter(Boolean);
    for (const pid of left) await writeFile(join(HIERARCHY, "cgroup.procs"), pid).catch(() => {});
    await rmdir(this.#folder);
  }
}
