/** Debian's Prometheus, unpacked only: installing it would start a service. */

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { mustRun } from "./run.ts";
import { Running } from "./running.ts";

const CACHE = fileURLToPath(new URL("../../.cache/prometheus", import.meta.url));

async function unpacked(): Promise<string> {
  const program = join(CACHE, "usr/bin/prometheus");
  if (existsSync(program)) return program;
  await mkdir(join(CACHE, ".."), { recursive: true });
  const made = await mkdtemp(`${CACHE}-`);
  await mustRun([
    ...(["bash", "-c"] as const),
    'cd "$1" && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb . && rm ./*.deb',
    ...["bash", made],
  ]);
  await rename(made, CACHE).catch(() => rm(made, { recursive: true }));
  return program;
}

/** A target as Prometheus has discovered it, before it is relabelled. */
export interface Discovered {
  readonly discoveredLabels: Readonly<Record<string, string>>;
}

/** `await using prometheus = await startPrometheus(yaml)` */
export class Prometheus implements AsyncDisposable {
  readonly #running: Running;
  readonly #folder: string;
  readonly #port: number;

  constructor(running: Running, folder: string, port: number) {
    this.#running = running;
    this.#folder = folder;
    this.#port = port;
  }

  /** Those that it knows now; none while it does not answer. */
  async targets(): Promise<readonly Discovered[]> {
    try {
      const answer = await fetch(`http://127.0.0.1:${this.#port}/api/v1/targets?state=active`);
      return ((await answer.json()) as { data: { activeTargets: Discovered[] } }).data.activeTargets;
    } catch {
      return [];
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export async function startPrometheus(yaml: string, port: number): Promise<Prometheus> {
  const program = await unpacked();
  const folder = await mkdtemp(join(tmpdir(), "tetherdock-prometheus-"));
  const config = join(folder, "prometheus.yml");
  await writeFile(config, yaml);
  const options = [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, "data")}`];
  const argv = [program, ...options, `--web.listen-address=127.0.0.1:${port}`] as const;
  const running = new Running([...argv], { env: process.env, cwd: folder });
  return new Prometheus(running, folder, port);
}
