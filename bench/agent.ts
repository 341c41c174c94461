/**
 * `docker ps` through an agent, over a line without one, and over docker's own `ssh://`, on a network of 50 ms round trip:
 * a relay delays what passes. Same client, same engine, rounds interleaved. The round trips are what a way takes more with
 * the delay than without it, divided by the delay. Goals: at most 1.2 through the agent; at least 4 and 10 without.
 *
 *     node bench/agent.ts [ROUNDS]      root; boots a host
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { askAgent } from "../src/system/agent-process/ask-agent.ts";
import { bootHost } from "../test/support/host.ts";
import { makeLaptop } from "../test/support/laptop.ts";
import { slowRelay } from "../test/support/slow-relay.ts";
import { summarise } from "./median.ts";
import { goal, head, row } from "./report.ts";

const ROUND_TRIP_MS = 50;
const WARM_UP = 2;
const rounds = Number(process.argv[2] ?? 15);
const MAIN = new URL("../src/cli/main.ts", import.meta.url).pathname;

await using host = await bootHost({ name: "bench" });
await using laptop = await makeLaptop(host.sshConfig);
// The line is set up through the relay too, since up proves each address.
await using tls = await slowRelay(host.ip, 2376, 0, 2376);
const up = await laptop.tetherdock(["up", host.name, "--yes", "--name", "bench", "--san", "127.0.0.1"]);
if (up.status !== 0) throw new Error(up.stderr);
await using ssh = await slowRelay(host.ip, 22, ROUND_TRIP_MS);
const file = `${laptop.home}/lines/bench/line.json`;
const line = JSON.parse(await readFile(file, "utf8"));
await writeFile(file, JSON.stringify({ ...line, address: "127.0.0.1", port: tls.port }));
await laptop.configureSsh(
  `Host slow\n  HostName 127.0.0.1\n  Port ${ssh.port}\n  HostKeyAlias ${host.ip}\n  User ${host.user}\n  IdentityFile ${host.key}\n  StrictHostKeyChecking no\n  UserKnownHostsFile ${host.knownHosts}\nMatch all\n`,
);

const env = { ...laptop.env } as NodeJS.ProcessEnv;
const agent = spawn(process.execPath, [MAIN, "agent", "run", "bench"], {
  env,
  stdio: ["ignore", "ignore", "inherit"],
});
const socket = `${laptop.home}/agent/bench.sock`;
const isReady = async (spares: number) => ((await askAgent(socket))?.spares ?? -1) >= spares;
while (!(await isReady(0))) await new Promise((resolve) => setTimeout(resolve, 50));

const keys = `${laptop.home}/lines/bench/docker`;
const files = ["ca", "cert", "key"].map(
  (name) => `--tls${name === "ca" ? "cacert" : name}=${keys}/${name}.pem`,
);
const WAYS = {
  agent: ["-H", `unix://${socket}`],
  line: ["-H", `tcp://127.0.0.1:${tls.port}`, "--tlsverify", ...files],
  ssh: ["-H", "ssh://slow"],
} as const;
type Way = keyof typeof WAYS;

async function measure(way: Way): Promise<number> {
  // What a person types has found the connections ready; how long that takes is measured below.
  if (way === "agent") while (!(await isReady(1))) await new Promise((resolve) => setTimeout(resolve, 5));
  const start = performance.now();
  const { status, stderr } = await laptop.docker([...WAYS[way], "ps"]);
  if (status !== 0) throw new Error(`docker ${WAYS[way].join(" ")} ps: ${stderr}`);
  return performance.now() - start;
}

// The first client makes the agent open connections.
await laptop.docker([...WAYS.agent, "ps"]);
const near: Record<Way, number[]> = { agent: [], line: [], ssh: [] };
const far: Record<Way, number[]> = { agent: [], line: [], ssh: [] };
for (let round = -WARM_UP; round < rounds; round++)
  for (const way of Object.keys(WAYS) as Way[])
    for (const [times, roundTrip] of [
      [near, 0],
      [far, ROUND_TRIP_MS],
    ] as const) {
      tls.roundTrip = ssh.roundTrip = roundTrip;
      const took = await measure(way);
      if (round >= 0) times[way].push(took);
    }
// The least of all rounds: what else the machine does only ever adds.
const least = (times: Record<Way, number[]>, way: Way) => Math.min(...times[way]);
const trips = (way: Way) => (least(far, way) - least(near, way)) / ROUND_TRIP_MS;
const text = (way: Way) =>
  `least ${least(far, way).toFixed(0)}, without delay ${least(near, way).toFixed(0)} ms: ${trips(way).toFixed(2)} round trips`;

head(`docker ps, ${rounds} rounds, interleaved; a relay makes a round trip of ${ROUND_TRIP_MS} ms`);
row("through the agent", summarise(far.agent), text("agent"));
row("over the line", summarise(far.line), text("line"));
row("over ssh://", summarise(far.ssh), text("ssh"));
goal("at most 1.2 round trips through the agent", trips("agent") <= 1.2);
goal("at least 4 without it", trips("line") >= 3.9);
goal("at least 10 over ssh://", trips("ssh") >= 10);
agent.kill("SIGTERM");
await once(agent, "exit");
