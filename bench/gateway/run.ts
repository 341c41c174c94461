/**
 * Compares the gateway with HAProxy, nginx and stunnel: the same upstream, mutual TLS 1.3 with P-256 certificates, no
 * session resumption, one core for the proxy and another for load and upstream, interleaved rounds, medians. Policy and
 * audit are on, as always; HAProxy and nginx judge methods and paths and write a log line for each request if their
 * name says so. Then compares dockerd's own TLS on a real host with the gateway and HAProxy in front of the same
 * dockerd.
 *
 *     node bench/gateway/run.ts [--short] [--no-dockerd]      root, Debian; 12 minutes, or 5
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { goal, head } from "../report.ts";
import { writeCertificates } from "./certificates.ts";
import { besideDockerd } from "./dockerd.ts";
import type { Identity } from "./job.ts";
import { measure } from "./measure.ts";
import { freshMetrics, loadMetrics, type Metric, type Sizes, silentMetrics } from "./metrics.ts";
import { installNeeds, versions } from "./needs.ts";
import {
  type Contender,
  gateway,
  HAPROXY,
  NODE_TLS,
  OTHERS,
  type Place,
  type Running,
  startUpstream,
} from "./servers.ts";
import { Table } from "./table.ts";

const SHORT: Sizes = { rounds: 3, requestsMs: 1_000, mib: 256, handshakes: 100, idle: 2_000, starts: 1 };
const FULL: Sizes = { rounds: 7, requestsMs: 3_000, mib: 512, handshakes: 500, idle: 4_000, starts: 1 };
/** About ten thousand requests, like a gateway that has run for a day. */
const WARM_UP_MS = 5_000;
const sizes = process.argv.includes("--short") ? SHORT : FULL;

/** One round of the metrics on a running proxy. Metrics that read the same work share it. */
async function load(metrics: readonly Metric[], running: Running, identity: Identity): Promise<number[]> {
  const done = new Map<string, Awaited<ReturnType<typeof measure>>>();
  const values: number[] = [];
  for (const { work, read } of metrics) {
    const key = JSON.stringify(work);
    const outcome = done.get(key) ?? (work && (await measure(running.target, identity, work)));
    if (outcome) done.set(key, outcome);
    values.push(read(outcome as NonNullable<typeof outcome>, running.target));
  }
  return values;
}

/** @param stack ends them */
async function startAll(
  contenders: readonly Contender[],
  place: Place,
  stack: AsyncDisposableStack,
): Promise<Running[]> {
  const running: Running[] = [];
  for (const { start } of contenders) running.push(stack.use(await start(place)));
  return running;
}

/** Each metric on processes that were started for it. All run at once: idle processes disturb nobody. */
async function startAnew(
  table: Table,
  metrics: readonly Metric[],
  contenders: readonly Contender[],
  place: Place,
  identity: Identity,
): Promise<void> {
  for (const metric of metrics)
    for (let round = 0; round < sizes.starts; round++) {
      await using all = new AsyncDisposableStack();
      const running = await startAll(contenders, place, all);
      const values = await Promise.all(running.map((one) => load([metric], one, identity)));
      for (const [index, { name }] of contenders.entries()) table.add(metric, name, ...(values[index] ?? []));
    }
}

/** The part of an idle connection's memory that Node itself uses. */
async function besideNodeAlone(ours: Contender, place: Place, identity: Identity): Promise<void> {
  const metrics = silentMetrics(sizes);
  const contenders = [NODE_TLS, ours, HAPROXY];
  const names = contenders.map(({ name }) => name);
  const table = new Table(metrics, names, HAPROXY.name);
  await startAnew(table, metrics, contenders, place, identity);
  table.print();
}

async function compare(contenders: readonly Contender[], place: Place, identity: Identity): Promise<Table> {
  const metrics = loadMetrics(sizes);
  const fresh = freshMetrics(sizes);
  const table = new Table(
    [...metrics, ...fresh],
    contenders.map(({ name }) => name),
    HAPROXY.name,
  );
  await startAnew(table, fresh, contenders, place, identity);
  await using all = new AsyncDisposableStack();
  const running = await startAll(contenders, place, all);
  // a gateway that has just started is still being compiled
  for (const { target } of running)
    await measure(target, identity, { kind: "requests", connections: 16, ms: WARM_UP_MS });
  for (let round = 0; round < sizes.rounds; round++)
    for (const [index, { name }] of contenders.entries()) {
      const values = await load(metrics, running[index] as Running, identity);
      for (const [at, metric] of metrics.entries()) table.add(metric, name, values[at] as number);
    }
  return table;
}

const folder = mkdtempSync(join(tmpdir(), "tetherdock-bench-"));
// the upstream writes loaded images there: no disk should be measured
const memory = mkdtempSync("/dev/shm/tetherdock-bench-");
try {
  installNeeds();
  execFileSync(process.execPath, [join(import.meta.dirname, "../../tools/build.ts"), join(folder, "dist")]);
  const ours = gateway(join(folder, "dist/main.js"));
  const identity = writeCertificates(folder);
  const upstream = join(memory, "docker.sock");
  head(`the gateway beside others, ${sizes.rounds} rounds`);
  for (const line of versions()) console.log(line);
  {
    await using _ = await startUpstream(memory, upstream, sizes.mib);
    const place: Place = { folder, host: "127.0.0.1", upstream, enter: [], pinned: true };
    const table = await compare([ours, ...OTHERS], place, identity);
    table.print();
    for (const { text, held } of table.goals(ours.name)) goal(text, held);
    await besideNodeAlone(ours, place, identity);
  }
  if (!process.argv.includes("--no-dockerd")) await besideDockerd(ours, folder, sizes.rounds);
} finally {
  rmSync(folder, { recursive: true });
  rmSync(memory, { recursive: true });
}
