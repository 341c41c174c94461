/**
 * A mutual TLS connection that sends requests and counts bytes. It uses no HTTP library, so that the load costs little.
 */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, createSecureContext, type SecureContext, type TLSSocket } from "node:tls";
import type { Identity, Target } from "./job.ts";

export const PING =
  "HEAD /_ping HTTP/1.1\r\nHost: bench\r\nUser-Agent: Docker-Client/20.10.24 (linux)\r\n\r\n";
export const LIST =
  "GET /v1.41/containers/json HTTP/1.1\r\nHost: bench\r\nUser-Agent: Docker-Client/20.10.24 (linux)\r\n\r\n";
export const SAVE =
  "GET /v1.41/images/get?names=bench HTTP/1.1\r\nHost: bench\r\nUser-Agent: Docker-Client/20.10.24 (linux)\r\n\r\n";

/** The head of an upload; `size` bytes follow. */
export function load(size: number): string {
  return `POST /v1.41/images/load?quiet=1 HTTP/1.1\r\nHost: bench\r\nUser-Agent: Docker-Client/20.10.24 (linux)\r\nContent-Type: application/x-tar\r\nContent-Length: ${size}\r\n\r\n`;
}

/** Key exchange that all servers here support; the hybrid one is measured separately. */
export const GROUP = "X25519";

/** @param groups to offer, joined by colons: with a context, `connect` ignores its own option */
export function contextOf({ ca, cert, key }: Identity, groups = GROUP): SecureContext {
  const text = (file: string) => readFileSync(file, "utf8");
  return createSecureContext({ ca: text(ca), cert: text(cert), key: text(key), ecdhCurve: groups });
}

export class Client {
  readonly socket: TLSSocket;
  /** Bytes of the answer that have not arrived; -1: its head has not. */
  #left = -1;
  #head = "";
  #bodiless = false;
  #answered: (() => void) | null = null;

  constructor({ host, port }: Target, secureContext: SecureContext) {
    const socket = connect({ host, port, secureContext, ALPNProtocols: ["http/1.1"] });
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    this.socket = socket;
  }

  async ready(): Promise<this> {
    await once(this.socket, "secureConnect");
    if (this.socket.isSessionReused()) throw new Error("a session was resumed: that is no whole handshake");
    return this;
  }

  /** The negotiated key exchange: `X25519`. */
  get group(): string {
    const info = this.socket.getEphemeralKeyInfo();
    return info !== null && "name" in info ? String(info.name) : "";
  }

  /** @param then called when the answer is complete */
  ask(request: string, then: () => void): void {
    this.#left = -1;
    this.#head = "";
    this.#bodiless = request.startsWith("HEAD");
    this.#answered = then;
    this.socket.write(request, "latin1");
  }

  /** Sends a request and waits for the answer. */
  answerTo(request: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once("error", reject);
      this.ask(request, () => {
        this.socket.removeListener("error", reject);
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    const closed = once(this.socket, "close");
    this.socket.end();
    await closed;
  }

  #take(chunk: Buffer): void {
    let size = chunk.length;
    if (this.#left < 0) size = this.#takeHead(chunk);
    if (this.#left < 0) return;
    this.#left -= size;
    if (this.#left > 0) return;
    if (this.#left < 0) throw new Error("more bytes than the answer has");
    this.#answered?.();
  }

  /** @returns bytes of the chunk after the head */
  #takeHead(chunk: Buffer): number {
    const before = this.#head.length;
    this.#head += chunk.toString("latin1");
    const end = this.#head.indexOf("\r\n\r\n");
    if (end < 0) return 0;
    if (!this.#head.startsWith("HTTP/1.1 200")) throw new Error(this.#head.slice(0, 200));
    const length = /content-length: (\d+)/i.exec(this.#head.slice(0, end))?.[1];
    if (length === undefined && !this.#bodiless) throw new Error("an answer without Content-Length");
    this.#left = this.#bodiless ? 0 : Number(length);
    return before + chunk.length - (end + 4);
  }
}
