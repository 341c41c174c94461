/** Runs the load generator: one job, one process, on the load's own core. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Identity, Job, Outcome, Target, Work } from "./job.ts";
import { LOAD_CORE } from "./servers.ts";

const run = promisify(execFile);
const LOAD = join(import.meta.dirname, "load.ts");
const PATIENCE_MS = 300_000;

async function perform(job: Job): Promise<Outcome[]> {
  const argv = ["-c", String(LOAD_CORE), process.execPath, LOAD, JSON.stringify(job)];
  const { stdout } = await run("taskset", argv, { timeout: PATIENCE_MS });
  return JSON.parse(stdout);
}

/** One target alone. */
export async function measure(target: Target, identity: Identity, work: Work): Promise<Outcome> {
  const [outcome] = await perform({ targets: [target], identity, work });
  return outcome as Outcome;
}

/** All targets in turn, visit by visit. */
export function visit(targets: readonly Target[], identity: Identity, count: number): Promise<Outcome[]> {
  return perform({ targets, identity, work: { kind: "visits", count } });
}
