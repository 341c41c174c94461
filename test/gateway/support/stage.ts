/** Everything around one gateway: its files, its CA, a fake dockerd, and clients that connect. */
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect } from "node:tls";
import { expect, vi } from "vitest";
import type { AuditEvent } from "../../../src/audit/index.ts";
import type { Limits } from "../../../src/gateway/index.ts";
import type { Client } from "../../../src/identity/index.ts";
import { FakeDocker } from "./fake-docker.ts";
import { Identities, type Identity } from "./identities.ts";
import { type Running, runHere } from "./run-here.ts";
import { Wire } from "./wire.ts";

export interface StageOptions {
  readonly limits?: Partial<Limits>;
  /** The line's CA; without it, a new one. */
  readonly identities?: Identities;
  readonly audit?: Readonly<Record<string, unknown>>;
  /** Beside or instead of what `config` gives. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Path of a local socket, anna's, beside the TCP one. */
  readonly unix?: string;
  readonly run?: (file: string) => Promise<Running>;
}

/** Who is on the list from the start, each with a certificate. */
const STAFF = { anna: "admin", vera: "viewer" } as const;

let stages = 0;

/** No two stages that run at a time have the same, so that any port is free on it. */
function ownAddress(): string {
  const number = process.pid * 4 + (stages++ % 4);
  return `127.${16 + ((number >> 16) & 127)}.${(number >> 8) & 255}.${(number & 253) + 1}`;
}

const PORT = 2376;

export class Stage {
  readonly folder: string;
  readonly host = ownAddress();
  readonly port = PORT;
  readonly identities: Identities;
  readonly docker: FakeDocker;
  readonly people = new Map<string, Identity>();
  running: Running | null = null;
  readonly #options: StageOptions;
  readonly #wires: Wire[] = [];
  #list: Client[] = [];

  private constructor(folder: string, identities: Identities, options: StageOptions) {
    this.folder = folder;
    this.identities = identities;
    this.#options = options;
    this.docker = new FakeDocker(join(folder, "docker.sock"));
  }

  /** A gateway that runs, with a fake dockerd behind it. */
  static async make(options: StageOptions = {}): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), "tetherdock-gateway-"));
    const stage = new Stage(folder, options.identities ?? (await Identities.make()), options);
    await stage.#prepare();
    await stage.start();
    return stage;
  }

  get file(): string {
    return join(this.folder, "gateway.json");
  }

  get gateway(): Running {
    if (this.running === null) throw new Error("no gateway runs");
    return this.running;
  }

  get list(): readonly Client[] {
    return this.#list;
  }

  async start(): Promise<void> {
    this.running = await (this.#options.run ?? runHere)(this.file);
  }

  /** What gateway.json says. */
  config(): Record<string, unknown> {
    const { folder } = this;
    return {
      version: 1,
      listen: [
        { address: `tcp://${this.host}:${this.port}` },
        ...(this.#options.unix ? [{ address: `unix://${this.#options.unix}`, client: "anna" }] : []),
      ],
      upstream: `unix://${this.docker.path}`,
      tls: {
        ca: join(folder, "ca.pem"),
        certificate: join(folder, "server-cert.pem"),
        key: join(folder, "server-key.pem"),
      },
      clients: join(folder, "clients.json"),
      audit: { directory: join(folder, "audit"), ...this.#options.audit },
      limits: this.#options.limits ?? {},
      ...this.#options.config,
    };
  }

  /** Replaces a file of the gateway's folder, as an operator's tools do: whole or not at all. */
  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, `${name}.new`), text, { mode: 0o600 });
    await rename(join(this.folder, `${name}.new`), join(this.folder, name));
  }

  /** Puts a new client list in place. @returns when a gateway that runs has it in force */
  async setList(clients: readonly Client[]): Promise<void> {
    this.#list = [...clients];
    await this.takenOver("the client list", () =>
      this.write("clients.json", JSON.stringify({ version: 1, clients })),
    );
  }

  /** Changes files. @returns when the gateway, if it runs, says that what they are is in force */
  async takenOver(what: string, change: () => Promise<void>): Promise<void> {
    const told = () => this.running?.lines.filter((line) => line.startsWith(`in force: ${what}`)).length;
    const before = told();
    await change();
    if (before !== undefined) await expect.poll(told, { timeout: 5_000 }).toBe(before + 1);
  }

  /** Changes one client of the list. */
  change(name: string, change: Partial<Client>): Promise<void> {
    return this.setList(this.#list.map((one) => (one.name === name ? { ...one, ...change } : one)));
  }

  async useServer(identity: Identity): Promise<void> {
    await this.write("server-cert.pem", identity.cert);
    await this.write("server-key.pem", identity.key);
  }

  person(name: string): Identity {
    const found = this.people.get(name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  }

  /** @param who a name on the list, or whatever shows this certificate */
  async connect(who: string | Identity = "anna", more: ConnectionOptions = {}): Promise<Wire> {
    const { key, cert } = typeof who === "string" ? this.person(who) : who;
    return this.connectWith({ key, cert, ...more });
  }

  async connectWith(options: ConnectionOptions & { readonly localAddress?: string }): Promise<Wire> {
    const all: ConnectionOptions & { allowHalfOpen: boolean } = {
      host: this.host,
      port: this.port,
      servername: "docker.test",
      ca: this.identities.ca,
      allowHalfOpen: true,
      ...options,
    };
    const socket = connect(all);
    await once(socket, "secureConnect");
    const wire = new Wire(socket);
    this.#wires.push(wire);
    return wire;
  }

  /** Somebody asks. @returns when dockerd has the request's head; both ends of it */
  async asked(
    request: string,
    who: string | Identity = "anna",
    more: ConnectionOptions = {},
  ): Promise<{ readonly client: Wire; readonly docker: Wire }> {
    const client = await this.connect(who, more);
    client.send(request);
    return { client, docker: await this.docker.asked() };
  }

  /** Records of the audit log, as far as they are written, in the order of their times. */
  async records(): Promise<AuditEvent[]> {
    const folder = join(this.folder, "audit");
    const names = (await readdir(folder)).filter((name) => !name.endsWith(".lock")).sort();
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")));
    return texts
      .join("")
      .split("\n")
      .filter((line) => line.startsWith("{") && line.includes('"event"'))
      .map((line) => JSON.parse(line) as AuditEvent)
      .sort((one, other) => one.time - other.time);
  }

  /** The newest record of its kind. What has just happened may not be written yet, so it is waited for. */
  async record(isMeant: (event: AuditEvent) => boolean): Promise<AuditEvent> {
    return vi.waitFor(async () => {
      const found = (await this.records()).findLast(isMeant);
      if (!found) throw new Error("no such record");
      return found;
    });
  }

  /** Everything ends, whatever state it is in. */
  async end(): Promise<void> {
    for (const wire of this.#wires) wire.destroy();
    await this.docker.close();
    await this.running?.stop();
    // What a client asked before it left may still be written now: a process would end with it.
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #prepare(): Promise<void> {
    const { identities } = this;
    await this.docker.open();
    await writeFile(join(this.folder, "ca.pem"), identities.ca);
    await this.useServer(await identities.server("docker.test", "localhost", this.host));
    const clients: Client[] = [];
    for (const [name, role] of Object.entries(STAFF)) {
      const identity = await identities.client(name);
      this.people.set(name, identity);
      clients.push({ name, role, fingerprint: identity.fingerprint, state: "active", expires: null });
    }
    await this.setList(clients);
    await mkdir(join(this.folder, "audit"));
    await this.write("gateway.json", JSON.stringify(this.config()));
  }
}
