/**
 * The effect of hostile clients on an admin: p50 and p99 of its requests while each of them runs, compared with the
 * same gateway just before; the gateway's memory; and whether a record of the admin's actions is missing. The gateway
 * has a core for itself. The admin and the hostile clients, at the lowest priority, share the other.
 *
 *     node bench/hostile/run.ts [--short] [KIND…]      Linux, two cores; two minutes, or 45 s
 */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, createSecureContext, type SecureContext } from "node:tls";
import { GATEWAY_ENVIRONMENT } from "../../src/host/plan/gateway/gateway-files.ts";
import { FakeDocker } from "../../test/gateway/support/fake-docker.ts";
import { Identities } from "../../test/gateway/support/identities.ts";
import { type RunningProcess, whenReady } from "../../test/gateway/support/run-process.ts";
import { Wire } from "../../test/gateway/support/wire.ts";
import { cpuUs } from "../gateway/usage.ts";
import { goal, head } from "../report.ts";
import { Admin, type Figures } from "./admin.ts";
import type { Target } from "./attack.ts";

const KINDS = ["refused requests", "slow heads", "many addresses", "silent sources", "unread answers"];
const only = process.argv.slice(2).filter((word) => KINDS.includes(word));
const isShort = process.argv.includes("--short");
const QUIET_MS = isShort ? 2_000 : 6_000;
const HOSTILE_MS = isShort ? 4_000 : 12_000;
/** Until a hostile client is at full speed. */
const WARM_UP_MS = isShort ? 2_000 : 4_000;
const GATEWAY_CORE = "1";
const GOALS = { p50: 1.5, p99: 3, rssMib: 200 };

const MOUNTS = Array.from({ length: 2_000 }, (_, at) => ({
  Type: "volume",
  Name: `v${at}`,
  Source: "s".repeat(450),
}));
const LARGE = JSON.stringify({ Id: "x".repeat(64), Config: { Env: ["A=secret"] }, Mounts: MOUNTS });
const LIST = JSON.stringify([{ Id: "8f3d6b1c0e".repeat(6), Names: ["/web"], State: "running" }]);

const text = (body: string) => `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

/** A fake dockerd for these requests. */
async function dockerd(path: string): Promise<FakeDocker> {
  const docker = new FakeDocker(path);
  await docker.open();
  docker.behave((wire) => {
    let held = "";
    wire.socket.removeAllListeners("data").on("data", (bytes: Buffer) => {
      const heads = (held + bytes.toString("latin1")).split("\r\n\r\n");
      held = heads.pop() ?? "";
      for (const one of heads) wire.send(text(one.includes("/large/") ? LARGE : LIST));
    });
    wire.socket.on("end", () => wire.end());
  });
  return docker;
}

async function startGateway(folder: string, program: string, file: string): Promise<RunningProcess> {
  const child = spawn(
    "taskset",
    [
      "-c",
      GATEWAY_CORE,
      "env",
      ...GATEWAY_ENVIRONMENT,
      process.execPath,
      program,
      "gateway",
      "run",
      "--config",
      file,
    ],
    { stdio: ["ignore", "ignore", "pipe"], cwd: folder },
  );
  return whenReady(child);
}

/** @returns when it has begun */
async function attack(kind: string, ms: number, target: Target): Promise<ChildProcess> {
  const argv = ["-n", "19", process.execPath, join(import.meta.dirname, "attack.ts"), kind, `${ms / 1_000}`];
  const child = spawn("nice", [...argv, JSON.stringify(target)], { stdio: ["ignore", "pipe", "inherit"] });
  await once(child.stdout as NonNullable<typeof child.stdout>, "data");
  return child;
}

/** Lines of the audit log about the admin's actions. */
function recorded(folder: string): number {
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));
  return files
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
    .filter((line) => line.includes('"target":"/containers/bench-') && line.includes('"status":200')).length;
}

/** An admin at work, and the gateway's share of a processor in that time. */
interface Measured extends Figures {
  readonly cpu: number;
}

async function measured(admin: Admin, { child }: RunningProcess, ms: number): Promise<Measured> {
  const pids = [child.pid as number];
  const [start, before] = [performance.now(), cpuUs(pids)];
  const figures = await admin.works(ms);
  return { ...figures, cpu: (cpuUs(pids) - before) / 1_000 / (performance.now() - start) };
}

function row(name: string, quiet: Measured, hostile: Measured, rssMib: number): string {
  const times = (after: number, before: number) => `×${(after / before).toFixed(2)}`;
  const cells = [
    `${quiet.p50.toFixed(2)} → ${hostile.p50.toFixed(2)} ms (${times(hostile.p50, quiet.p50)})`,
    `${quiet.p99.toFixed(2)} → ${hostile.p99.toFixed(2)} ms (${times(hostile.p99, quiet.p99)})`,
    `${quiet.newcomer.toFixed(1)} → ${hostile.newcomer.toFixed(1)} ms, ${hostile.turnedAway} turned away`,
    `${(quiet.cpu * 100).toFixed(0)} → ${(hostile.cpu * 100).toFixed(0)} %`,
    `${rssMib.toFixed(0)} MiB`,
  ];
  return `| ${name} | ${cells.join(" | ")} |`;
}

const folder = mkdtempSync(join(tmpdir(), "tetherdock-hostile-"));
const path = (name: string) => join(folder, name);
try {
  execFileSync(process.execPath, [join(import.meta.dirname, "../../tools/build.ts"), path("dist")]);
  const identities = await Identities.make();
  const server = await identities.server("docker.test");
  const people = {
    admin: await identities.client("admin"),
    viewer: await identities.client("viewer"),
    revoked: await identities.client("revoked"),
  };
  const clients = Object.entries(people).map(([name, { fingerprint }]) => ({
    name,
    fingerprint,
    role: name === "viewer" ? "viewer" : "admin",
    state: name === "revoked" ? "revoked" : "active",
    expires: null,
  }));
  const host = "127.0.0.1";
  const port = 23_760;
  mkdirSync(path("audit"));
  const files = {
    "ca.pem": identities.ca,
    "server-cert.pem": server.cert,
    "server-key.pem": server.key,
    "clients.json": JSON.stringify({ version: 1, clients }),
    "gateway.json": JSON.stringify({
      version: 1,
      listen: [{ address: `tcp://${host}:${port}` }],
      upstream: `unix://${path("docker.sock")}`,
      tls: { ca: path("ca.pem"), certificate: path("server-cert.pem"), key: path("server-key.pem") },
      clients: path("clients.json"),
      audit: { directory: path("audit") },
    }),
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(path(name), content, { mode: 0o600 });
  const docker = await dockerd(path("docker.sock"));
  const gateway = await startGateway(folder, path("dist/main.js"), path("gateway.json"));
  const { key, cert } = people.admin;
  const context: SecureContext = createSecureContext({ ca: identities.ca, key, cert });
  const admin = new Admin(async () => {
    const socket = connect({ host, port, servername: "docker.test", secureContext: context });
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(5_000) });
    return new Wire(socket);
  });
  head("an admin beside hostile clients");
  console.log(
    "| hostile client | p50 | p99 | new connection, p50 | gateway's processor | memory at most |\n| --- | --- | --- | --- | --- | --- |",
  );
  await admin.works(QUIET_MS); // a gateway that has just started is still being compiled
  const held = { p50: true, p99: true, rss: true };
  for (const kind of only.length > 0 ? only : KINDS) {
    const quiet = await measured(admin, gateway, QUIET_MS);
    let rssMib = 0;
    const watch = setInterval(async () => {
      rssMib = Math.max(rssMib, await gateway.rss());
    }, 100);
    const { ca } = identities;
    const target: Target = { host, port, ca, viewer: people.viewer, revoked: people.revoked };
    const child = await attack(kind, WARM_UP_MS + HOSTILE_MS, target);
    const gone = once(child, "exit");
    await admin.works(WARM_UP_MS);
    const hostile = await measured(admin, gateway, HOSTILE_MS);
    await gone;
    clearInterval(watch);
    console.log(row(kind, quiet, hostile, rssMib));
    held.p50 &&= hostile.p50 <= quiet.p50 * GOALS.p50;
    held.p99 &&= hostile.p99 <= quiet.p99 * GOALS.p99;
    held.rss &&= rssMib <= GOALS.rssMib;
  }
  await gateway.stop();
  await docker.close();
  const lost = admin.actions - recorded(path("audit"));
  goal(`p50 at most ×${GOALS.p50} of undisturbed`, held.p50);
  goal(`p99 at most ×${GOALS.p99} of undisturbed`, held.p99);
  goal(`memory at most ${GOALS.rssMib} MiB`, held.rss);
  goal(`${admin.actions} actions permitted, ${lost} without a record`, lost === 0);
} finally {
  rmSync(folder, { recursive: true });
}
process.exit();
