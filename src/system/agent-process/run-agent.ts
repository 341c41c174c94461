/** The agent as a process: sockets, files, signals and time around the lines it serves. */
import { chmod } from "node:fs/promises";
import type { Socket } from "node:net";
import { networkInterfaces } from "node:os";
import { dirname, join } from "node:path";
import { AGENT_LIMITS, refusalAnswer } from "../../agent/index.ts";
import { counted, inOneLine, OneAtATime, TetherdockError } from "../../base/index.ts";
import { AGENT_FOLDER, agentSocket, type LineStore } from "../../line/index.ts";
import { makeDirectory } from "../files/atomic-file.ts";
import { withFile } from "../files/file-error.ts";
import { inheritedFds } from "../service/systemd.ts";
import { watchFiles } from "../watch/watch-files.ts";
import { type Access, readAccess } from "./access.ts";
import { type Listening, listenAt, listenInherited } from "./listen.ts";
import { refuse } from "./serve-client.ts";
import { ServedLine } from "./served-line.ts";

/** How the process is run. */
export interface AgentOptions {
  /** tetherdock's folder, absolute. */
  readonly home: string;
  readonly lines: LineStore;
  /** The lines to serve; empty: every line of this machine, also those that are set up later. */
  readonly names: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly version: string;
  /** Aborted by SIGTERM and Ctrl-C. */
  readonly signal: AbortSignal;
  /** Registers a listener for SIGHUP. */
  readonly onHangup: (listener: () => void) => void;
  /** One line for the terminal or the journal. */
  readonly log: (line: string) => void;
}

interface Served {
  readonly line: ServedLine;
  /** null: the socket is systemd's. */
  readonly listening: Listening | null;
  readonly unwatch: () => void;
}

class Agent {
  readonly #options: AgentOptions;
  readonly #served = new Map<string, Served>();
  readonly #inherited: Listening[] = [];
  /** Lines that could not be served, and why: told once. */
  readonly #left = new Map<string, string>();
  readonly #turns = new OneAtATime();
  #usedAt = performance.now();
  #tickedAt = Date.now();
  readonly #stopped = new AbortController();

  constructor(options: AgentOptions) {
    this.#options = options;
  }

  /** Lines that it listens for. */
  get size(): number {
    return this.#inherited.length || this.#served.size;
  }

  /** Aborted when a client has told it to end. */
  get stopped(): AbortSignal {
    return this.#stopped.signal;
  }

  /** Milliseconds since a client was connected. */
  get idleMs(): number {
    return performance.now() - this.#usedAt;
  }

  /** Serves a line on its own socket. @throws LINE_…, AGENT_…, CREDENTIAL_UNUSABLE, FILE_FAILED */
  add(name: string): Promise<void> {
    return this.#add(name, (take) => listenAt(name, agentSocket(this.#options.home, name), take));
  }

  /** Serves a line on the socket that systemd has passed, as soon as it can be read. @throws AGENT_LISTEN_FAILED */
  async inherit(name: string, fd: number): Promise<void> {
    this.#inherited.push(await listenInherited(name, fd, (socket) => void this.#takeInherited(name, socket)));
  }

  async #takeInherited(name: string, socket: Socket): Promise<void> {
    try {
      // systemd listens on as long as the unit is active, also for a line that was removed, or cannot be read now.
      await this.#turns.run(async () => {
        if (!this.#served.has(name)) this.#serve(name, await readAccess(this.#options.lines, name), null);
      });
      this.#admit(name, socket);
    } catch (error) {
      refuse(socket, refusalAnswer(502, inOneLine(error), false));
    }
  }

  async #add(name: string, listen: (take: (socket: Socket) => void) => Promise<Listening>): Promise<void> {
    const access = await readAccess(this.#options.lines, name);
    this.#serve(name, access, await listen((socket) => this.#admit(name, socket)));
  }

  #admit(name: string, socket: Socket): void {
    this.#usedAt = performance.now();
    if (this.#hasSlept) this.tick();
    const served = this.#served.get(name);
    if (served) served.line.take(socket);
    else socket.destroy();
  }

  /** @param listening null: the socket is systemd's */
  #serve(name: string, access: Access, listening: Listening | null): void {
    const { lines, version } = this.#options;
    const line = new ServedLine(name, access, version, () => this.#stopped.abort());
    const folder = lines.certPath(name);
    const files = [
      join(dirname(folder), "line.json"),
      ...["ca.pem", "cert.pem", "key.pem"].map((file) => join(folder, file)),
    ];
    const unwatch = watchFiles(
      () => files,
      () => void this.reload(name),
      AGENT_LIMITS.tickMs,
    );
    this.#served.set(name, { line, listening, unwatch });
  }

  /** Reads a line again. A line that is gone ends; one that cannot be read goes on as before. */
  reload(name: string): Promise<void> {
    return this.#turns.run(async () => {
      try {
        this.#served.get(name)?.line.setAccess(await readAccess(this.#options.lines, name));
        this.#options.log(`${name}: the line changed and is in force`);
      } catch (error) {
        this.#options.log(`${name}: ${inOneLine(error)}`);
        if (error instanceof TetherdockError && error.code === "LINE_UNKNOWN") this.#end(name);
      }
    });
  }

  reloadAll(): void {
    for (const name of this.#served.keys()) void this.reload(name);
  }

  /** Serves what was set up since. */
  follow(): Promise<void> {
    return this.#turns.run(async () => {
      const names = await this.#options.lines.list().catch(() => []);
      for (const name of names.filter((one) => !this.#served.has(one)))
        await this.add(name).then(
          () => this.#note(name, "served"),
          (error) => this.#note(name, inOneLine(error)),
        );
    });
  }

  /** Whether more time has passed than between two ticks: connections may be dead without a sign. */
  get #hasSlept(): boolean {
    return Math.abs(Date.now() - this.#tickedAt) > AGENT_LIMITS.gapMs;
  }

  tick(): void {
    const hasSlept = this.#hasSlept;
    this.#tickedAt = Date.now();
    const addresses = new Set(
      Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)),
    );
    for (const [name, { line, listening }] of this.#served) {
      if (line.clients > 0) this.#usedAt = performance.now();
      line.tick(addresses, hasSlept);
      if (listening === null || listening.isReachable()) continue;
      this.#options.log(`${name}: its socket was removed or replaced`);
      this.#end(name);
    }
  }

  close(): void {
    for (const name of this.#served.keys()) this.#end(name);
    for (const listening of this.#inherited) listening.close();
  }

  #note(name: string, what: string): void {
    if (this.#left.get(name) === what) return;
    this.#left.set(name, what);
    this.#options.log(`${name}: ${what}`);
  }

  #end(name: string): void {
    const served = this.#served.get(name);
    this.#served.delete(name);
    served?.unwatch();
    served?.listening?.close();
    served?.line.close();
  }
}

/** @returns whether systemd has passed the sockets: in the order in which the lines are named */
async function startLines(agent: Agent, { names, env, lines }: AgentOptions): Promise<boolean> {
  const inherited = inheritedFds(env, process.pid);
  if (inherited.length === 0) {
    for (const name of names.length > 0 ? names : await lines.list()) await agent.add(name);
    return false;
  }
  if (inherited.length !== names.length)
    throw new TetherdockError("AGENT_LISTEN_FAILED", "the sockets from systemd are not those of the lines", {
      why: [`${counted(inherited.length, "socket")}, ${counted(names.length, "line")}`],
      hints: ["tetherdock agent install"],
    });
  for (const [at, name] of names.entries()) await agent.inherit(name, inherited[at] ?? -1);
  return true;
}

/**
 * Runs an agent until the signal is aborted, or until no line is left that it was told to serve.
 * @throws LINE_…, AGENT_RUNNING, AGENT_LISTEN_FAILED, CREDENTIAL_UNUSABLE, FILE_FAILED
 */
export async function runAgent(options: AgentOptions): Promise<void> {
  const { home, names, log } = options;
  const folder = join(home, AGENT_FOLDER);
  await makeDirectory(folder);
  await withFile("change", folder, () => chmod(folder, 0o700));
  const agent = new Agent(options);
  try {
    const isActivated = await startLines(agent, options);
    options.onHangup(() => agent.reloadAll());
    log(`ready: ${counted(agent.size, "line")}`);
    const signal = AbortSignal.any([options.signal, agent.stopped]);
    await untilOver(agent, { signal, isActivated, follows: !isActivated && names.length === 0 });
  } finally {
    agent.close();
  }
}

interface Life {
  readonly signal: AbortSignal;
  readonly isActivated: boolean;
  /** Whether lines that are set up later are served. */
  readonly follows: boolean;
}

function untilOver(agent: Agent, { signal, isActivated, follows }: Life): Promise<void> {
  return new Promise((resolve) => {
    const over = () => {
      clearInterval(timer);
      resolve();
    };
    const timer = setInterval(() => {
      agent.tick();
      if (follows) void agent.follow();
      else if (agent.size === 0 || (isActivated && agent.idleMs > AGENT_LIMITS.idleMs)) over();
    }, AGENT_LIMITS.tickMs);
    if (signal.aborted) over();
    signal.addEventListener("abort", over, { once: true });
  });
}
