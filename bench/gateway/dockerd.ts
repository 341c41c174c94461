/**
 * What the gateway adds to dockerd's own TLS on a real host: the same dockerd, reached by its TLS port, and by the
 * gateway, HAProxy and a bare pipe of Node's in the host's own network in front of its local socket. What `docker ps`
 * sends, and docker itself. Goal: at most 1 ms more.
 */
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bootHost } from "../../test/support/host.ts";
import { makeLaptop } from "../../test/support/laptop.ts";
import { summarise } from "../median.ts";
import { goal, head, row } from "../report.ts";
import type { Identity, Target } from "./job.ts";
import { visit } from "./measure.ts";
import { type Contender, HAPROXY, NODE_PIPE, type Place } from "./servers.ts";

const GOAL_MS = 1;
const PORT = 2376;
const VISITS = 60;
const RUNS_A_ROUND = 60;

/** The host's dockerd as a process of this machine: it gives access to the host's files and network. */
function dockerdOf(ip: string): number {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readlinkSync(`/proc/${pid}/exe`).endsWith("/dockerd")) continue;
      if (readFileSync(`/proc/${pid}/net/fib_trie`, "latin1").includes(`${ip}\n`)) return Number(pid);
    } catch {
      // ended in the meantime, or a kernel thread
    }
  }
  throw new Error(`no dockerd runs at ${ip}`);
}

function placeOn(ip: string, folder: string, identity: Identity): Place {
  const pid = dockerdOf(ip);
  const text = (name: string) => readFileSync(`/proc/${pid}/root/etc/tetherdock/${name}`, "latin1");
  const [certificate, key] = [text("server-cert.pem"), text("server-key.pem")];
  const own = { "server-cert.pem": certificate, "server-key.pem": key, "server.pem": certificate + key };
  for (const [name, content] of Object.entries(own))
    writeFileSync(join(folder, name), content, { mode: 0o600 });
  writeFileSync(join(folder, "ca.pem"), readFileSync(identity.ca));
  writeFileSync(join(folder, "client-cert.pem"), readFileSync(identity.cert));
  const enter = ["nsenter", `--net=/proc/${pid}/ns/net`];
  return { folder, host: ip, upstream: `/proc/${pid}/root/run/docker.sock`, enter, pinned: false };
}

/** A different order each time: the order matters, because the previous one has filled the caches. */
function shuffled(indices: Iterable<number>): number[] {
  return [...indices]
    .map((index) => [Math.random(), index] as const)
    .sort(([one], [other]) => one - other)
    .map(([, index]) => index);
}

/** @param ours the gateway @param folder for files; those of another place in it are replaced */
export async function besideDockerd(ours: Contender, folder: string, rounds: number): Promise<void> {
  await using host = await bootHost({ name: "bench" });
  await using laptop = await makeLaptop(host.sshConfig);
  const up = await laptop.tetherdock(["up", host.name, "--yes", "--name", "bench"]);
  if (up.status !== 0) throw new Error(up.stderr);
  const keys = `${laptop.home}/lines/bench/docker`;
  const identity = { ca: `${keys}/ca.pem`, cert: `${keys}/cert.pem`, key: `${keys}/key.pem` };
  const place = placeOn(host.ip, folder, identity);
  await using gateway = await ours.start(place);
  await using haproxy = await HAPROXY.start(place);
  await using pipe = await NODE_PIPE.start(place);
  const own: Target = { host: host.ip, port: PORT, pids: [] };
  const targets = [own, gateway.target, haproxy.target, pipe.target];
  const names = ["dockerd's own TLS", "the gateway", HAPROXY.name, NODE_PIPE.name];

  const asked: number[][] = targets.map(() => []);
  const ps: number[][] = targets.map(() => []);
  const docker = async ({ port }: Target) => {
    const tls = [`--tlscacert=${identity.ca}`, `--tlscert=${identity.cert}`, `--tlskey=${identity.key}`];
    const start = performance.now();
    const { status, stderr } = await laptop.docker([
      "-H",
      `tcp://${host.ip}:${port}`,
      "--tlsverify",
      ...tls,
      "ps",
    ]);
    if (status !== 0) throw new Error(stderr);
    return performance.now() - start;
  };
  for (let round = 0; round < rounds; round++) {
    const outcomes = await visit(targets, identity, VISITS);
    for (const [index, { p50 }] of outcomes.entries()) asked[index]?.push(p50);
    for (let run = 0; run < RUNS_A_ROUND; run++)
      for (const index of shuffled(targets.keys())) ps[index]?.push(await docker(targets[index] as Target));
  }

  const print = (what: string, values: readonly number[][]): number => {
    const [own, ...others] = values.map(summarise);
    for (const [index, value] of [own, ...others].entries()) {
      const added = (value?.median ?? Number.NaN) - (own?.median ?? Number.NaN);
      if (value)
        row(
          `${what}, ${names[index]}`,
          value,
          index === 0 ? "" : `${added >= 0 ? "+" : ""}${added.toFixed(2)} ms`,
        );
    }
    return (others[0]?.median ?? Number.NaN) - (own?.median ?? Number.NaN);
  };
  head(
    `a real dockerd: new connection, ping, list (${rounds} × ${VISITS}), and docker ps (${rounds * RUNS_A_ROUND})`,
  );
  const addedAsked = print("its requests", asked);
  const addedPs = print("docker ps", ps);
  goal(`at most ${GOAL_MS} ms more, its requests`, addedAsked <= GOAL_MS);
  goal(`at most ${GOAL_MS} ms more, docker ps`, addedPs <= GOAL_MS);
}
