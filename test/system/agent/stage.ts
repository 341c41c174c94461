/** A line on disk, an engine behind TLS that answers pings and is otherwise scripted, and an agent in between. */
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { formatLine, type LineStore } from "../../../src/line/index.ts";
import { runAgent } from "../../../src/system/agent-process/run-agent.ts";
import { createLineStore } from "../../../src/system/files/line-store.ts";
import { Identities, type Identity } from "../../gateway/support/identities.ts";
import { Wire } from "../../gateway/support/wire.ts";
import { sampleLine } from "../../support/sample-line.ts";

export const PING = "HEAD /_ping HTTP/1.1\r\nHost: docker\r\nUser-Agent: Docker-Client/28\r\n\r\n";
/** What the engine answers to a ping. */
export const PONG = "HTTP/1.1 200 OK\r\nApi-Version: 1.47\r\nOstype: linux\r\nContent-Length: 0\r\n\r\n";

/** An engine. Every connection is pinged once by the agent; what follows is the test's. */
export class Engine {
  readonly host: string;
  /** Connections that were made, in all. */
  made = 0;
  /** Pings that it has answered. */
  pings = 0;
  readonly open = new Set<TLSSocket>();
  /** Also those whose handshake is not complete. */
  readonly #raw = new Set<Socket>();
  readonly #ready: Wire[] = [];
  #server: Server | null = null;
  port = 0;

  constructor(host: string) {
    this.host = host;
  }

  async listen(ca: string, { cert, key }: Identity): Promise<void> {
    const server = createServer(
      { ca, cert, key, requestCert: true, allowHalfOpen: true },
      (socket) => void this.#serve(socket),
    );
    server.on("tlsClientError", () => {});
    server.on("connection", (socket: Socket) => {
      this.#raw.add(socket);
      socket.on("close", () => this.#raw.delete(socket));
    });
    server.listen(this.port, this.host);
    await once(server, "listening");
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** @returns a connection on which something came after the ping */
  async used(): Promise<Wire> {
    for (;;) {
      const found = this.#ready.find((wire) => wire.unread !== "");
      if (found) {
        this.#ready.splice(this.#ready.indexOf(found), 1);
        return found;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async close(): Promise<void> {
    for (const socket of [...this.open, ...this.#raw]) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  async #serve(socket: TLSSocket): Promise<void> {
    this.made++;
    this.open.add(socket);
    const wire = new Wire(socket);
    socket.on("close", () => {
      this.open.delete(socket);
      this.#ready.splice(0, this.#ready.length, ...this.#ready.filter((one) => one !== wire));
    });
    await wire.sees(/HEAD \/_ping HTTP\/1\.1\r\n[\s\S]*\r\n\r\n/).then(
      () => {
        this.pings++;
        wire.send(PONG);
        this.#ready.push(wire);
      },
      () => undefined,
    );
  }
}

export class AgentStage {
  readonly home = mkdtempSync(join(tmpdir(), "tetherdock-agent-stage-"));
  lines: LineStore = createLineStore(this.home);
  readonly engine: Engine;
  readonly log: string[] = [];
  readonly identities: Identities;
  readonly #end = new AbortController();
  readonly #clients: Socket[] = [];
  #over: Promise<void> = Promise.resolve();
  hangUp: () => void = () => {};

  private constructor(identities: Identities, host: string) {
    this.identities = identities;
    this.engine = new Engine(host);
  }

  /** @param host the engine's address */
  static async make(host = "127.0.0.1"): Promise<AgentStage> {
    const stage = new AgentStage(await Identities.make(), host);
    await stage.engine.listen(stage.identities.ca, await stage.identities.server(host));
    await stage.writeLine("vps");
    return stage;
  }

  async writeLine(name: string): Promise<void> {
    const { cert, key } = await this.identities.client("anna");
    const folder = join(this.home, "lines", name);
    mkdirSync(join(folder, "docker"), { recursive: true, mode: 0o700 });
    const write = (file: string, text: string) => writeFileSync(join(folder, file), text, { mode: 0o600 });
    write("docker/ca.pem", this.identities.ca);
    write("docker/cert.pem", cert);
    write("docker/key.pem", key);
    write("line.json", formatLine(sampleLine({ name, address: this.engine.host, port: this.engine.port })));
  }

  socket(name = "vps"): string {
    return join(this.home, "agent", `${name}.sock`);
  }

  /** Starts an agent in this process. @returns when it is ready */
  async start(...names: string[]): Promise<void> {
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    this.#over = runAgent({
      home: this.home,
      lines: this.lines,
      names,
      env: {},
      version: "1.2.3",
      signal: this.#end.signal,
      onHangup: (listener) => {
        this.hangUp = listener;
      },
      log: (line) => {
        this.log.push(line);
        if (line.startsWith("ready")) resolve();
      },
    });
    await Promise.race([ready, this.#over]);
  }

  /** Resolves when the agent has ended by itself; rejects with why it failed. */
  get over(): Promise<void> {
    return this.#over;
  }

  async client(name = "vps"): Promise<Wire> {
    const socket = connect({ path: this.socket(name), allowHalfOpen: true });
    this.#clients.push(socket);
    await once(socket, "connect");
    return new Wire(socket);
  }

  async end(): Promise<void> {
    for (const socket of this.#clients) socket.destroy();
    this.#end.abort();
    await this.#over.catch(() => {});
    await this.engine.close();
    rmSync(this.home, { recursive: true, force: true });
  }
}
