/**
 * From `client invite` to the first answered `docker ps` of the machine that joins: three commands of the built program, each
 * from its start to its end, on a real host's gateway. Goal: together at most 2 s.
 *
 *     node bench/join.ts [ROUNDS]      root; boots a host. Needs npm run build:executable
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openGatewayLine } from "../test/support/gateway/line-on-host.ts";
import { type CommandOptions, type Laptop, makeLaptop } from "../test/support/laptop.ts";
import { summarise } from "./median.ts";
import { goal, head, row } from "./report.ts";

const GOAL_MS = 2_000;
const rounds = Number(process.argv[2] ?? 9);
const dist = mkdtempSync(join(tmpdir(), "tetherdock-bench-"));

async function timed(laptop: Laptop, args: readonly string[], options: CommandOptions = {}) {
  const start = performance.now();
  const done = await laptop.run([process.execPath, join(dist, "main.js"), ...args], options);
  if (done.status !== 0) throw new Error(`${args.join(" ")}: ${done.stdout}${done.stderr}`);
  return { ms: performance.now() - start, stdout: done.stdout };
}

try {
  execFileSync(process.execPath, [join(import.meta.dirname, "../tools/build.ts"), dist]);
  await using line = await openGatewayLine("bench");
  const times: { readonly invite: number; readonly join: number; readonly ps: number }[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    await using desk = await makeLaptop("/dev/null");
    const invited = await timed(line.laptop, ["client", "invite", `bob-${round}`, "--role", "viewer"]);
    const joined = await timed(desk, ["join", "-"], { input: invited.stdout });
    const listed = await timed(desk, ["run", "--", "docker", "ps"]);
    // The first invitation makes the gateway's own CA.
    if (round > 0) times.push({ invite: invited.ms, join: joined.ms, ps: listed.ms });
  }
  head(`invite, join and docker ps, ${rounds} rounds`);
  for (const what of ["invite", "join", "ps"] as const) row(what, summarise(times.map((one) => one[what])));
  const all = summarise(times.map(({ invite, join: joins, ps }) => invite + joins + ps));
  row("together", all);
  goal(`together ≤ ${GOAL_MS} ms`, all.median <= GOAL_MS);
} finally {
  rmSync(dist, { recursive: true });
}
