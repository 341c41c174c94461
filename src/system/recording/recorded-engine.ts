/**
 * A socket that answers like an engine on which everything succeeds, and keeps what it is asked. Nothing is executed: it is
 * for asking what a docker client would send.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { TetherdockError } from "../../base/index.ts";
import type { SentRequest } from "../../engine/index.ts";
import { errorCodeOf, withFile } from "../files/file-error.ts";
import { answerTo } from "./engine-answers.ts";

/** Of all that a command asks. */
const MOST_REQUESTS = 1000;
/** Of one body; the rest is not kept. A build sends gigabytes. */
const MOST_BYTES = 1024 * 1024;
/** A command that waits for something that never comes is ended. */
const COMMAND_MS = 30_000;
const MOST_STDERR = 4000;

/** What a command has sent, and how it ended. */
export interface Recording {
  readonly requests: readonly SentRequest[];
  readonly status: number | null;
  readonly stderr: string;
}

const UPGRADED =
  "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

class RecordedEngine {
  readonly requests: SentRequest[] = [];
  readonly #server: Server;
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
    let bytes = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= MOST_BYTES) chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    this.#keep(request, body);
    const { status, value } = answerTo(request.method ?? "", request.url ?? "", body);
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
      body = Buffer.concat([body, chunk]);
      if (isOver || body.length < length) return;
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

function cannotRun(program: string, cause: Error): Error {
  if (errorCodeOf(cause) !== "ENOENT") return cause;
  return new TetherdockError("COMMAND_NOT_FOUND", `there is no command ${program}`, { cause });
}

async function runToEnd(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Omit<Recording, "requests">> {
  const [program = "", ...args] = command;
  const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  const end = () => child.kill("SIGKILL");
  const timer = setTimeout(end, COMMAND_MS);
  signal.addEventListener("abort", end, { once: true });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(0, MOST_STDERR);
  });
  try {
    const [status] = (await once(child, "close")) as [number | null];
    signal.throwIfAborted();
    return { status, stderr };
  } catch (error) {
    throw signal.aborted ? signal.reason : cannotRun(program, error as Error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
  }
}

/** Variables that lead a client elsewhere. */
const ELSEWHERE = [
  "DOCKER_CONTEXT",
  "DOCKER_TLS_VERIFY",
  "DOCKER_TLS",
  "DOCKER_CERT_PATH",
  "DOCKER_API_VERSION",
];

/**
 * Runs a command whose docker clients talk to such an engine.
 * @throws COMMAND_NOT_FOUND, INTERRUPTED, FILE_FAILED
 */
export async function recordCommand(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Recording> {
  const folder = await withFile("make", tmpdir(), () => mkdtemp(join(tmpdir(), "tetherdock-explain-")));
  const engine = new RecordedEngine();
  try {
    const path = join(folder, "docker.sock");
    await engine.listen(path);
    const own: NodeJS.ProcessEnv = { ...env, DOCKER_HOST: `unix://${path}`, DOCKER_BUILDKIT: "0" };
    for (const name of ELSEWHERE) delete own[name];
    const ended = await runToEnd(command, own, signal);
    return { requests: engine.requests, ...ended };
  } finally {
    engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}
