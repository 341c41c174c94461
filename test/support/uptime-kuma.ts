/**
 * npm's Uptime Kuma with Debian's MariaDB, both unpacked only. npm has one release of it, a development version; its SQLite
 * would have to be downloaded from elsewhere.
 */
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "vitest";
import { freePort } from "./free-port.ts";
import { mustRun } from "./run.ts";
import { Running } from "./running.ts";

const VERSION = "2.0.0-dev.0";
const CACHE = fileURLToPath(new URL(`../../.cache/uptime-kuma-${VERSION}`, import.meta.url));
const KUMA = join(CACHE, "node_modules/uptime-kuma");

/** The database's programs with the libraries that this machine lacks. */
const UNPACK = `set -e
cd "$1"
echo "{}" >package.json # or npm takes the one of a folder above
npm install --silent --no-audit --no-fund --ignore-scripts --omit=dev "uptime-kuma@$2"
apt-get download -qq $(apt-get -qq -s install --no-install-recommends mariadb-server-core mariadb-client-core |
  sed -n 's/^Inst \\([^ ]*\\) .*/\\1/p')
for package in *.deb; do dpkg-deb -x "$package" mariadb; done
rm ./*.deb`;

async function unpack(): Promise<void> {
  if (existsSync(KUMA)) return;
  await mkdir(join(CACHE, ".."), { recursive: true });
  const made = await mkdtemp(`${CACHE}-`);
  await mustRun(["bash", "-c", UNPACK, "bash", made, VERSION]);
  await rename(made, CACHE).catch(() => rm(made, { recursive: true }));
}

const LIBRARIES = ["usr/lib", "lib"]
  .map((folder) => join(CACHE, "mariadb", folder, "x86_64-linux-gnu"))
  .join(":");

async function startDatabase(folder: string, port: number): Promise<Running> {
  const base = join(CACHE, "mariadb/usr");
  const own = ["--no-defaults", "--user=root", `--datadir=${folder}/database`];
  await mustRun([
    "env",
    `LD_LIBRARY_PATH=${LIBRARIES}`,
    join(base, "bin/mariadb-install-db"),
    ...own,
    `--basedir=${base}`,
  ]);
  await writeFile(
    join(folder, "init.sql"),
    "CREATE DATABASE kuma;\nCREATE USER 'kuma'@'%' IDENTIFIED BY 'kuma';\nGRANT ALL ON kuma.* TO 'kuma'@'%';\n",
  );
  const listens = [
    `--port=${port}`,
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    `--socket=${folder}/socket`,
  ];
  const argv = [join(base, "sbin/mariadbd"), ...own, ...listens, `--init-file=${folder}/init.sql`] as const;
  const running = new Running([...argv, `--lc-messages-dir=${base}/share/mysql`], {
    env: { ...process.env, LD_LIBRARY_PATH: LIBRARIES },
    cwd: folder,
  });
  await running.until(/ready for connections/);
  return running;
}

/** What it says of one check: 1 is up, 0 down. */
export interface Heartbeat {
  readonly monitorID: number;
  readonly status: number;
  readonly msg: string;
}

interface Answer {
  readonly ok: boolean;
  readonly msg: string;
  readonly id?: number;
  readonly monitorID?: number;
}

/** Of socket.io-client, which Uptime Kuma's own pages use. */
interface Client {
  on(event: string, heard: (heartbeat: Heartbeat) => void): void;
  emitWithAck(event: string, ...words: readonly unknown[]): Promise<Answer>;
  disconnect(): void;
}

/** `await using kuma = await startUptimeKuma(keys)` */
export class UptimeKuma implements AsyncDisposable {
  readonly heartbeats: Heartbeat[] = [];
  readonly #client: Client;
  readonly #stop: () => Promise<void>;

  constructor(client: Client, stop: () => Promise<void>) {
    this.#client = client;
    this.#stop = stop;
    client.on("heartbeat", (heartbeat) => this.heartbeats.push(heartbeat));
  }

  /** What its page sends. @returns its answer, which is good */
  async ask(event: string, ...words: readonly unknown[]): Promise<Answer> {
    const answer = await this.#client.emitWithAck(event, ...words);
    expect(answer, `${event}: ${answer.msg}`).toMatchObject({ ok: true });
    return answer;
  }

  /** Watches a container. @returns the monitor's number */
  async watch(container: string, docker: number): Promise<number | undefined> {
    const settings = { type: "docker", name: container, docker_container: container, docker_host: docker };
    const usual = { interval: 20, retryInterval: 20, maxretries: 0, resendInterval: 0, timeout: 16 };
    const more = { method: "GET", accepted_statuscodes: ["200-299"], notificationIDList: {}, parent: null };
    return (await this.ask("add", { ...settings, ...usual, ...more })).monitorID;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.disconnect();
    await this.#stop();
  }
}

/** @param certificates has a folder for each host */
export async function startUptimeKuma(certificates: string): Promise<UptimeKuma> {
  await unpack();
  const folder = await mkdtemp(join(tmpdir(), "kuma-"));
  const [port, databasePort] = [await freePort(), await freePort()];
  const database = await startDatabase(folder, databasePort);
  const data = join(folder, "data");
  await mkdir(data);
  await symlink(certificates, join(data, "docker-tls"));
  const connection = { hostname: "127.0.0.1", port: String(databasePort), dbName: "kuma" };
  const config = { type: "mariadb", ...connection, username: "kuma", password: "kuma" };
  await writeFile(join(data, "db-config.json"), JSON.stringify(config));
  const server = new Running([process.execPath, "server/server.js"], {
    env: {
      ...{ ...process.env, DATA_DIR: `${data}/`, NODE_ENV: "production" },
      ...{ UPTIME_KUMA_HOST: "127.0.0.1", UPTIME_KUMA_PORT: String(port) },
    },
    cwd: KUMA,
  });
  await server.until(/Listening on/, { withinMs: 120_000 });
  const { io } = createRequire(join(KUMA, "package.json"))("socket.io-client");
  const kuma = new UptimeKuma(io(`http://127.0.0.1:${port}`), async () => {
    await server[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });
  await kuma.ask("setup", "anna", "correct-horse-7");
  await kuma.ask("login", { username: "anna", password: "correct-horse-7" });
  return kuma;
}
