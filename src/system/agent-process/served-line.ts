/** One line that an agent serves. */
import type { Socket } from "node:net";
import { AGENT_LIMITS, refusalAnswer, statusAnswer } from "../../agent/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import type { Access } from "./access.ts";
import { openSpare } from "./open-spare.ts";
import { refuse, serveClient } from "./serve-client.ts";
import { SparePool } from "./spare-pool.ts";

export class ServedLine {
  readonly name: string;
  readonly #version: string;
  readonly #stop: () => void;
  readonly #clients = new Set<Socket>();
  readonly #pool: SparePool;
  #access: Access;

  /** @param stop ends the agent */
  constructor(name: string, access: Access, version: string, stop: () => void) {
    this.name = name;
    this.#stop = stop;
    this.#access = access;
    this.#version = version;
    this.#pool = new SparePool(
      (signal) => this.#open(signal),
      () => performance.now(),
    );
  }

  get clients(): number {
    return this.#clients.size;
  }

  /** Uses another key or address for new connections. Those of connected clients stay. */
  setAccess(access: Access): void {
    this.#access = access;
    this.#pool.renew();
  }

  /** Serves a client. @param socket allows half-open, paused */
  take(socket: Socket): void {
    if (this.#clients.size >= AGENT_LIMITS.clients) {
      refuse(socket, refusalAnswer(503, `${this.#clients.size} clients are connected already`, false));
      return;
    }
    this.#clients.add(socket);
    socket.once("close", () => this.#clients.delete(socket));
    serveClient(socket, {
      take: () => this.#pool.take(),
      state: () => this.#state(),
      stop: this.#stop,
    });
  }

  /** @param addresses of this machine @param hasSlept whether connections may be dead without a sign */
  tick(addresses: ReadonlySet<string>, hasSlept: boolean): void {
    if (hasSlept) this.#pool.renew();
    this.#pool.tick(addresses);
  }

  /** Ends every connection. */
  close(): void {
    this.#pool.renew();
    for (const socket of this.#clients) socket.destroy();
  }

  async #open(signal: AbortSignal) {
    const { endpoint } = this.#access;
    try {
      return await openSpare(this.#access, this.#version, signal);
    } catch (error) {
      const where = `${formatEndpoint(endpoint)}: ${(error as Error).message}`;
      throw new Error(
        `cannot use the engine of the line ${this.name} at ${where} (tetherdock status ${this.name})`,
      );
    }
  }

  #state(): string {
    return statusAnswer({
      line: this.name,
      pid: process.pid,
      version: this.#version,
      spares: this.#pool.size,
      // without the one that asks
      clients: this.#clients.size - 1,
      problem: this.#pool.problem,
    });
  }
}
