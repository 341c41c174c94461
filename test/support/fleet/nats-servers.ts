/** A fleet's store in NATS: Debian's nats-server, unpacked only, with the configuration that `fleet init` writes. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../free-port.ts";
import { mustRun } from "../run.ts";
import { Running } from "../running.ts";
import { type PackageRelease, unpackedProgram } from "../unpacked-program.ts";
import type { StoreCertificate } from "./store-server.ts";

const natsServer = (release: PackageRelease): Promise<string> =>
  unpackedProgram(release, "nats-server", "usr/sbin/nats-server");

/**
 * Which releases have a nats-server that runs here: 2.9, 2.10, and whatever Debian's testing has. That one may be broken, or need
 * another libc. Prints the reason: untested must not look like tested.
 */
export async function natsReleases(): Promise<readonly PackageRelease[]> {
  const old = ["bookworm", "trixie"] as const;
  try {
    await mustRun([await natsServer("forky"), "--version"]);
    return [...old, "forky"];
  } catch (error) {
    console.warn(`SKIPPED: no test with forky's nats-server: ${(error as Error).message}`);
    return old;
  }
}

const PATIENCE_MS = 30_000;
const LOOK_MS = 100;

/** Where a server runs. */
export interface NatsPlace {
  readonly address: string;
  /** A command that runs another one there; empty: here. */
  readonly inside: readonly string[];
}

interface NatsPorts {
  /** For clients. */
  readonly port: number;
  /** Says whether the server is well. */
  readonly monitor: number;
}

/** One server, which keeps its data when it is killed. */
export class NatsServer {
  readonly port: number;
  readonly folder: string;
  /** Tells how it is. */
  readonly health: string;
  readonly #place: NatsPlace;
  readonly #program: string;
  #running: Running | null = null;

  constructor(program: string, folder: string, place: NatsPlace, { port, monitor }: NatsPorts) {
    this.#program = program;
    this.folder = folder;
    this.#place = place;
    this.port = port;
    this.health = `http://${place.address}:${monitor}/healthz`;
  }

  get url(): string {
    return `nats://${this.#place.address}:${this.port}`;
  }

  get pid(): number {
    return this.#running?.pid ?? 0;
  }

  async start(): Promise<void> {
    const argv = [this.#program, "--config", join(this.folder, "nats-server.conf")] as const;
    const [first = this.#program, ...rest] = [...this.#place.inside, ...argv];
    this.#running = new Running([first, ...rest], { env: process.env, cwd: this.folder });
    await this.#running.until(/Server is ready/);
  }

  /** When its cluster has elected who leads, and it has what the others have. Its log does not always tell. */
  async untilWell(): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    while (!(await this.#isWell())) {
      if (Date.now() > deadline) throw new Error(`it is not well:\n${this.#running?.text}`);
      await setTimeout(LOOK_MS);
    }
  }

  async #isWell(): Promise<boolean> {
    const health = await fetch(this.health).catch(() => null);
    return health?.ok === true;
  }

  async kill(): Promise<void> {
    await this.#running?.[Symbol.asyncDispose]();
    this.#running = null;
  }

  /** Its data is gone with it. */
  async wipe(): Promise<void> {
    await this.kill();
    await rm(join(this.folder, "data"), { recursive: true, force: true });
  }
}

export class NatsServers implements AsyncDisposable {
  readonly all: readonly NatsServer[];
  readonly #folder: string;

  constructor(all: readonly NatsServer[], folder: string) {
    this.all = all;
    this.#folder = folder;
  }

  async untilWell(): Promise<void> {
    await Promise.all(this.all.map((server) => server.untilWell()));
  }

  get urls(): string[] {
    return this.all.map(({ url }) => url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of this.all) await server.kill();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function clusterOf(name: string, own: string, all: readonly string[]): string {
  const to = all.map((one) => `nats://${one}`).join(", ");
  return `server_name: ${name}\ncluster { name: c, listen: "${own}", routes: [${to}] }\n`;
}

/** As `fleet init` writes it, with paths of its own. */
type Config = (paths: { readonly cert: string; readonly key: string; readonly data: string }) => string;

/** Of a file that `fleet init` has written. */
export const configFrom =
  (text: string): Config =>
  ({ cert, key, data }) =>
    text
      .replace("/etc/nats/cert.pem", cert)
      .replace("/etc/nats/key.pem", key)
      .replaceAll("/var/lib/nats", data);

/** Three for each server: for clients, for the other servers, and for its health. */
export const natsPorts = (count: number): Promise<number[]> =>
  Promise.all(Array.from({ length: 3 * count }, freePort));

/**
 * @param certificate for the addresses @param ports of one server, or of several, which are a cluster
 * @param places of the servers, or the address that all have here
 * @param release trixie has 2.10, the first that knows `sync_interval: always`
 */
export async function startNats(
  config: Config,
  certificate: StoreCertificate,
  ports: readonly number[],
  places: string | readonly NatsPlace[] = "127.0.0.1",
  release: PackageRelease = "bookworm",
): Promise<NatsServers> {
  const count = ports.length / 3;
  const program = await natsServer(release);
  const work = await mkdtemp(join(tmpdir(), "nats-"));
  const servers: NatsServer[] = [];
  const placeOf = (at: number): NatsPlace =>
    typeof places === "string" ? { address: places, inside: [] } : (places[at] as NatsPlace);
  const routes = ports.slice(count, 2 * count).map((port, at) => `${placeOf(at).address}:${port}`);
  for (let at = 0; at < count; at++) {
    const place = placeOf(at);
    const folder = join(work, `${at}`);
    await mkdir(folder);
    const paths = {
      cert: join(folder, "cert.pem"),
      key: join(folder, "key.pem"),
      data: join(folder, "data"),
    };
    await writeFile(paths.cert, certificate.cert);
    await writeFile(paths.key, certificate.key, { mode: 0o600 });
    const text = config(paths).replace(/^port: .*$/m, `listen: "${place.address}:${ports[at]}"`);
    const cluster = count === 1 ? "" : clusterOf(`s${at}`, routes[at] ?? "", routes);
    const [port = 0, monitor = 0] = [ports[at], ports[2 * count + at]];
    const http = `http: "${place.address}:${monitor}"`;
    await writeFile(join(folder, "nats-server.conf"), `${text}${cluster}${http}\n`);
    servers.push(new NatsServer(program, folder, place, { port, monitor }));
  }
  const all = new NatsServers(servers, work);
  try {
    // One after another: nats-server 2.10 may never count one of three that start at the same moment.
    for (const server of servers) await server.start();
    await all.untilWell();
    return all;
  } catch (error) {
    await all[Symbol.asyncDispose]();
    throw error;
  }
}
