/** Starts the proxies, each on its own core, from the files in config/. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { GATEWAY_ENVIRONMENT } from "../../src/host/plan/gateway/gateway-files.ts";
import type { Target } from "./job.ts";
import { searchEnv } from "./needs.ts";
import { treeOf } from "./usage.ts";

/** One core for proxies, the other for load and upstream. */
export const PROXY_CORE = 1;
export const LOAD_CORE = 0;

const PATIENCE_MS = 20_000;
const CONFIG = join(import.meta.dirname, "config");

/** A proxy's environment. */
export interface Place {
  /**
   * A separate folder for configuration and logs. Contains ca.pem, server-cert.pem, server-key.pem, server.pem and
   * client-cert.pem.
   */
  readonly folder: string;
  /** Address it listens on. */
  readonly host: string;
  /** Path of Docker's socket. */
  readonly upstream: string;
  /** Prefix of the command, to enter another network. */
  readonly enter: readonly string[];
  /** Whether they have a core for themselves; otherwise they run on any core, as dockerd does. */
  readonly pinned: boolean;
}

/** A measured proxy. */
export interface Contender {
  readonly name: string;
  start(place: Place): Promise<Running>;
}

/** A running proxy. */
export class Running implements AsyncDisposable {
  readonly target: Target;
  readonly #child: ChildProcess;

  constructor(child: ChildProcess, target: Target) {
    this.#child = child;
    this.target = target;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const gone = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    for (const pid of this.target.pids.slice(1)) stop(pid);
    await gone;
  }
}

function stop(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // ended with its parent
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address ? address.port : 0;
}

async function answers(where: { host: string; port: number } | { path: string }): Promise<boolean> {
  const socket = connect(where);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Starts a command and waits until something listens. */
async function launch(
  argv: readonly string[],
  { cores, log, where }: { cores: string; log: string; where: Parameters<typeof answers>[0] },
): Promise<ChildProcess> {
  const out = openSync(log, "a");
  const child = spawn("taskset", ["-c", cores, ...argv], {
    env: searchEnv,
    stdio: ["ignore", out, out],
  });
  const end = performance.now() + PATIENCE_MS;
  while (!(await answers(where))) {
    if (child.exitCode !== null || performance.now() > end)
      throw new Error(`${argv.join(" ")} does not serve:\n${readFileSync(log, "utf8").slice(-2000)}`);
    await setTimeout(20); // between two checks whether it listens
  }
  return child;
}

function fill(name: string, file: string, values: Readonly<Record<string, string | number>>): void {
  const text = readFileSync(join(CONFIG, name), "utf8");
  writeFileSync(
    file,
    text.replace(/@([A-Z]+)@/g, (whole, key) => String(values[key] ?? whole)),
  );
}

async function serve(place: Place, name: string, argv: readonly string[], port: number): Promise<Running> {
  const { host, folder, enter, pinned } = place;
  const where = { host, port };
  const child = await launch([...enter, ...argv], {
    cores: pinned ? String(PROXY_CORE) : `${LOAD_CORE},${PROXY_CORE}`,
    log: join(folder, `${name}.out`),
    where,
  });
  await setTimeout(500); // workers are forked and idle: memory at rest is measured
  return new Running(child, { ...where, pids: treeOf(child.pid as number) });
}

/** @param config a file of config/ @param command gets the path of the completed file */
function fromFile(name: string, config: string, command: (file: string) => readonly string[]): Contender {
  return {
    name,
    async start(place) {
      const port = await freePort();
      const file = join(place.folder, config);
      fill(config, file, { DIR: place.folder, HOST: place.host, PORT: port, UPSTREAM: place.upstream });
      return serve(place, config, command(file), port);
    },
  };
}

const CLIENT = "bench@laptop";

function writeGatewayFiles({ folder, host, upstream }: Place, port: number): string {
  const path = (file: string) => join(folder, file);
  const certificate = new X509Certificate(readFileSync(path("client-cert.pem")));
  const key = certificate.publicKey.export({ type: "spki", format: "der" });
  const fingerprint = createHash("sha256").update(key).digest("hex");
  const clients = [{ name: CLIENT, fingerprint, role: "admin", state: "active", expires: null }];
  mkdirSync(path("audit"), { recursive: true });
  writeFileSync(path("clients.json"), JSON.stringify({ version: 1, clients }));
  writeFileSync(
    path("gateway.json"),
    JSON.stringify({
      version: 1,
      listen: [{ address: `tcp://${host}:${port}` }],
      upstream: `unix://${upstream}`,
      tls: { ca: path("ca.pem"), certificate: path("server-cert.pem"), key: path("server-key.pem") },
      clients: path("clients.json"),
      audit: { directory: path("audit") },
      metrics: `unix://${path("metrics.sock")}`,
      // one client makes all connections here
      limits: { connections: 10_000, connectionsPerClient: 10_000 },
    }),
  );
  return path("gateway.json");
}

/** Runs it like the unit that `up` installs. */
export function gateway(program: string): Contender {
  return {
    name: "gateway",
    async start(place) {
      const port = await freePort();
      const config = writeGatewayFiles(place, port);
      const command = [process.execPath, program, "gateway", "run", "--config", config];
      const argv = ["env", ...GATEWAY_ENVIRONMENT, ...command];
      return serve(place, "gateway", argv, port);
    },
  };
}

export const HAPROXY = fromFile("HAProxy, ACL and log", "haproxy-acl-log.cfg", (file) => [
  "haproxy",
  "-db",
  "-f",
  file,
]);

/** The cost of Node itself. */
function fromNode(name: string, program: string): Contender {
  return {
    name,
    async start(place) {
      const port = await freePort();
      const { folder, host, upstream } = place;
      const argv = [process.execPath, join(import.meta.dirname, program), folder, host, `${port}`, upstream];
      return serve(place, program, argv, port);
    },
  };
}

/** No proxy: see node-tls.ts. */
export const NODE_TLS = fromNode("node:tls alone", "node-tls.ts");
/** A proxy that examines nothing: see node-pipe.ts. */
export const NODE_PIPE = fromNode("node:tls and a pipe", "node-pipe.ts");

export const OTHERS: readonly Contender[] = [
  HAPROXY,
  fromFile("HAProxy", "haproxy.cfg", (file) => ["haproxy", "-db", "-f", file]),
  fromFile("nginx http", "nginx-http.conf", (file) => ["nginx", "-c", file]),
  fromFile("nginx stream", "nginx-stream.conf", (file) => ["nginx", "-c", file]),
  fromFile("stunnel", "stunnel.conf", (file) => ["stunnel", file]),
];

/** The answer to `docker ps` with one container. */
const ANSWER = JSON.stringify([
  {
    Id: "8f3d6b1c0e".repeat(6),
    Names: ["/web"],
    Image: "registry.example/team/web:1.42",
    ImageID: `sha256:${"0123456789abcdef".repeat(4)}`,
    Command: "/docker-entrypoint.sh web --listen 0.0.0.0:8080",
    Created: 1_790_000_000,
    Ports: [{ IP: "0.0.0.0", PrivatePort: 8080, PublicPort: 80, Type: "tcp" }],
    Labels: { "com.docker.compose.project": "web", "com.docker.compose.service": "web" },
    State: "running",
    Status: "Up 3 days",
    HostConfig: { NetworkMode: "web_default" },
    NetworkSettings: {
      Networks: { web_default: { IPAddress: "172.18.0.2", MacAddress: "02:42:ac:12:00:02" } },
    },
    Mounts: [
      { Type: "volume", Name: "web_data", Source: "", Destination: "/data", Driver: "local", RW: true },
    ],
  },
]);

/** Takes the place of dockerd. */
export async function startUpstream(folder: string, socket: string, mib: number): Promise<AsyncDisposable> {
  mkdirSync(join(folder, "files"), { recursive: true });
  execFileSync("truncate", ["-s", `${mib}M`, join(folder, "files/images")]);
  const file = join(folder, "upstream.conf");
  fill("upstream.conf", file, { DIR: folder, UPSTREAM: socket, ANSWER });
  const child = await launch(["nginx", "-c", file], {
    cores: String(LOAD_CORE),
    log: join(folder, "upstream.out"),
    where: { path: socket },
  });
  return new Running(child, { host: "", port: 0, pids: treeOf(child.pid as number) });
}
