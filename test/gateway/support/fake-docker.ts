/** What listens where dockerd would: each connection is the test's to script, byte by byte. */
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import { Wire } from "./wire.ts";

export class FakeDocker {
  readonly path: string;
  /** Connections, in all. */
  count = 0;
  readonly #sockets = new Set<Socket>();
  readonly #arrived: Wire[] = [];
  readonly #wanted: ((wire: Wire) => void)[] = [];
  #server: Server | null = null;
  #behave: ((wire: Wire) => void) | null = null;

  constructor(path: string) {
    this.path = path;
  }

  async open(): Promise<void> {
    const server = createServer({ allowHalfOpen: true }, (socket) => this.#take(socket));
    this.#server = server;
    const listening = once(server, "listening");
    server.listen({ path: this.path, backlog: 4096 });
    await listening;
  }

  /** From now on every connection is served so, and `next` gives none. */
  behave(how: (wire: Wire) => void): void {
    this.#behave = how;
  }

  /** Answers every request head without a body the same way. */
  answerAll(answer: string): void {
    this.behave((wire) => {
      let held = "";
      wire.socket.removeAllListeners("data").on("data", (bytes: Buffer) => {
        const heads = (held + bytes.toString("latin1")).split("\r\n\r\n");
        held = heads.pop() ?? "";
        for (const _ of heads) wire.send(answer);
      });
      wire.socket.on("end", () => wire.end());
    });
  }

  /** @returns the next connection that nobody has taken */
  next(): Promise<Wire> {
    const here = this.#arrived.shift();
    return here ? Promise.resolve(here) : new Promise((resolve) => this.#wanted.push(resolve));
  }

  /** @returns the next connection that nobody has taken, when the head of a request is there */
  async asked(): Promise<Wire> {
    const wire = await this.next();
    await wire.sees("\r\n\r\n");
    return wire;
  }

  /** As a daemon that is killed: nothing listens, every connection is gone. */
  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = null;
    if (server) await new Promise((resolve) => server.close(resolve));
    await rm(this.path, { force: true });
  }

  #take(socket: Socket): void {
    this.count++;
    this.#sockets.add(socket);
    socket.on("close", () => this.#sockets.delete(socket));
    const wire = new Wire(socket);
    if (this.#behave) this.#behave(wire);
    else {
      const wanted = this.#wanted.shift();
      if (wanted) wanted(wire);
      else this.#arrived.push(wire);
    }
  }
}

/** An answer with a body of known length. */
export function answer(status: number, body: string, fields = ""): string {
  return `HTTP/1.1 ${status} Reason\r\n${fields}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** The head of an upload; so many bytes are to follow. */
export function upload(size: number): string {
  return `POST /images/load HTTP/1.1\r\nHost: docker\r\nContent-Length: ${size}\r\n\r\n`;
}

/** A request without a body. */
export function ask(target: string, method = "GET", fields = ""): string {
  return `${method} ${target} HTTP/1.1\r\nHost: docker\r\n${fields}\r\n`;
}
