/**
 * `tetherdock up` on a fresh host, dockerd's own restart not counted, and the ssh connections it made, counted by the
 * host's sshd. The built program, from its start to its end. Goals: under 3 s, at most 2 connections.
 *
 *     node bench/up.ts [ROUNDS]      root; boots a host of each flavour and resets it every round
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootHost, type Flavour, type Host } from "../test/support/host.ts";
import { makeLaptop } from "../test/support/laptop.ts";
import { summarise } from "./median.ts";
import { goal, head, row } from "./report.ts";

const GOAL_MS = 3_000;
const GOAL_CONNECTIONS = 2;
const FLAVOURS: readonly Flavour[] = ["debian", "upstream", "coreos"];
const rounds = Number(process.argv[2] ?? 5);

interface Round {
  readonly tookMs: number;
  readonly restartMs: number;
  readonly connections: number;
}

async function logins(host: Host): Promise<number> {
  return Number(await host.root("journalctl -q -t sshd | grep -c 'Accepted publickey'"));
}

async function round(host: Host, program: string): Promise<Round> {
  await host.reset();
  await using laptop = await makeLaptop(host.sshConfig);
  const before = await logins(host);
  const start = performance.now();
  const destination = `${host.user}@${host.name}`;
  const up = await laptop.run([process.execPath, program, "up", destination, "--yes", "--json"]);
  const tookMs = performance.now() - start;
  if (up.status !== 0) throw new Error(`${up.stdout}${up.stderr}`);
  const { restartMs } = JSON.parse(up.stdout);
  // reading the count is a login too
  return { tookMs, restartMs, connections: (await logins(host)) - before - 1 };
}

const dist = mkdtempSync(join(tmpdir(), "tetherdock-bench-"));
try {
  execFileSync(process.execPath, [join(import.meta.dirname, "../tools/build.ts"), dist]);
  head(`tetherdock up on a fresh host, ${rounds} resets of each flavour`);
  const all: Round[] = [];
  for (const flavour of FLAVOURS) {
    await using host = await bootHost({ name: "bench", flavour });
    const seen: Round[] = [];
    for (let n = 0; n < rounds; n++) seen.push(await round(host, join(dist, "main.js")));
    all.push(...seen);
    const own = summarise(seen.map(({ tookMs, restartMs }) => tookMs - restartMs));
    const restart = summarise(seen.map(({ restartMs }) => restartMs));
    row(`${flavour}, without the restart`, own);
    row(`${flavour}, the restart of docker`, restart);
  }
  const own = summarise(all.map(({ tookMs, restartMs }) => tookMs - restartMs));
  const connections = Math.max(...all.map((one) => one.connections));
  row("all, without the restart", own);
  console.log(`ssh connections: at most ${connections}`);
  goal(`under ${GOAL_MS} ms`, own.median < GOAL_MS);
  goal(`at most ${GOAL_CONNECTIONS} connections`, connections <= GOAL_CONNECTIONS);
} finally {
  rmSync(dist, { recursive: true, force: true });
}
