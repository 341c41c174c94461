/**
 * `tetherdock env` against `node -e 0`: it runs whenever a shell starts, so it must take about as long as starting
 * Node. Runs are interleaved, because a machine's speed changes within seconds; the figure is the ratio of the medians
 * of one run. Goal: at most 1.5.
 *
 *     node bench/env-startup.ts [ROUNDS]
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { makeCertificates, writeSampleLine } from "../test/cli/sample-line.ts";

const GOAL = 1.5;
const WARM_UP = 5;
const rounds = Number(process.argv[2] ?? 60);
const folder = mkdtempSync(join(tmpdir(), "tetherdock-bench-"));
const dist = join(folder, "dist");
// A symbolic link or a wrapper script in PATH would be measured too.
const node = process.execPath;

const candidates: Record<string, string[]> = {
  "node -e 0": ["-e", "0"],
  "tetherdock env": [join(dist, "main.js"), "env", "--shell", "bash"],
  "tetherdock --help": [join(dist, "main.js"), "--help"],
};

function time(args: string[]): number {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(node, args, {
    env: { PATH: "/usr/bin:/bin", HOME: folder, TETHERDOCK_HOME: folder },
  });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function measure(): Map<string, number[]> {
  const times = new Map<string, number[]>(Object.keys(candidates).map((name) => [name, []]));
  for (let round = -WARM_UP; round < rounds; round++) {
    for (const [name, args] of Object.entries(candidates)) {
      const took = time(args);
      if (round >= 0) times.get(name)?.push(took);
    }
  }
  return times;
}

try {
  execFileSync(node, [join(import.meta.dirname, "../tools/build.ts"), dist]);
  writeSampleLine(folder, "vps", makeCertificates(30));
  const times = measure();
  const bare = median(times.get("node -e 0") ?? []);
  console.log(
    `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.version}, ${rounds} rounds`,
  );
  for (const [name, values] of times) {
    const middle = median(values);
    console.log(`${name.padEnd(18)} ${middle.toFixed(1).padStart(6)} ms  ×${(middle / bare).toFixed(2)}`);
  }
  const ratio = median(times.get("tetherdock env") ?? []) / bare;
  console.log(`goal ×${GOAL.toFixed(2)}: ${ratio <= GOAL ? "held" : "missed"}`);
  if (ratio > GOAL) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
