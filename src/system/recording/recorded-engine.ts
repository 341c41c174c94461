/**
 * A socket that answers like an engine on which everything succeeds, and keeps what it is asked. Nothing is executed: it is
 * for asking what a docker client would send.
 */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { SentRequest } from "../../engine/index.ts";
import { EngineAnswers } from "./engine-answers.ts";

/** Of all that a command asks. */
const MOST_REQUESTS = 1000;
/** Of one body, and more than any judge reads; the rest is not kept. A build sends gigabytes. */
const MOST_BYTES = 4 * 1024 * 1024 + 1;
/** Of all bodies. */
const MOST_BYTES_TOGETHER = 64 * 1024 * 1024;

const UPGRADED =
  "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

export class RecordedEngine {
  readonly requests: SentRequest[] = [];
  readonly #server: Server;
  readonly #answers = new EngineAnswers();
  /** Of the bodies that are kept. */
  #bytes = 0;
  readonly #upgraded = new Set<Duplex>();

  constructor() {
    this.#server = createServer(
      (request, response) => void this.#answer(request, response).catch(() => response.destroy()),
    );
    this.#server.on("upgrade", (request, socket, head) => this.#upgrade(request, socket, head));
  }

  async listen(path: string): Promise<void> {
    this.#server.listen(path);
    await once(this.#server, "listening");
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    for (const socket of this.#upgraded) socket.destroy();
  }

  #keep({ method = "", url = "", headersDistinct }: IncomingMessage, body: Buffer): void {
    if (this.requests.length >= MOST_REQUESTS) return;
    const values = (name: string) => headersDistinct[name] ?? [];
    this.requests.push({
      ...{ method, target: url, body },
      contentType: values("content-type"),
      contentEncoding: values("content-encoding"),
      upgrade: (values("upgrade")[0] ?? "").toLowerCase(),
    });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    let room = Math.min(MOST_BYTES, MOST_BYTES_TOGETHER - this.#bytes);
    for await (const chunk of request as AsyncIterable<Buffer>) {
      const kept = chunk.subarray(0, room);
      room -= kept.length;
      chunks.push(kept);
    }
    const body = Buffer.concat(chunks);
    this.#bytes += body.length;
    this.#keep(request, body);
    const { method = "", url = "", headers } = request;
    const { status, value } = this.#answers.answerTo(method, url, body, headers["user-agent"] ?? "");
    const text = value === undefined ? "" : `${JSON.stringify(value)}\n`;
    response.writeHead(status, {
      ...{
        "Content-Type": "application/json",
        "Api-Version": "1.47",
        Ostype: "linux",
        Server: "Docker/27.0.0 (linux)",
      },
      ...{ "Docker-Experimental": "false", "Builder-Version": "1" },
    });
    response.end(request.method === "HEAD" ? undefined : text);
  }

  /**
   * For attach and exec: the other end gets a stream that is over at once. A body comes with the request or with the socket,
   * as Node's versions have it.
   */
  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const length = Math.min(Number(request.headers["content-length"] ?? 0) || 0, MOST_BYTES);
    let body = Buffer.alloc(0);
    let isOver = false;
    const take = (chunk: Buffer) => {
      if (isOver) return;
      body = Buffer.concat([body, chunk]);
      if (body.length < length) return;
      isOver = true;
      this.#keep(request, body.subarray(0, length));
      socket.end(UPGRADED);
    };
    this.#upgraded.add(socket);
    socket.on("error", () => {}).on("data", take);
    request.on("data", take);
    take(head);
  }
}
