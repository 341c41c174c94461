/** Node's own HTTP server, as strict as it comes. */
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import { createConnection, type ListenOptions } from "node:net";
import { duplexPair } from "node:stream";
import { converse, type ReferenceParser, scriptOf } from "./reference-parser.ts";

/** @param seen is given each request when it is whole, as `METHOD target`, and a space and the body if there is one */
export function recorder(seen: (request: string) => void): RequestListener {
  return (request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("latin1");
      seen(`${request.method} ${request.url}${body === "" ? "" : ` ${body}`}`);
      response.end("seen");
    });
  };
}

/** A server with room for heads as large as the gateway's. */
export async function recordingServer(listener: RequestListener, where: ListenOptions): Promise<Server> {
  const server = createServer({ maxHeaderSize: 128 * 1024 }, listener);
  server.listen(where);
  await once(server, "listening");
  return server;
}

export async function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

/** Its connections are streams in memory, which the server takes as it takes sockets. */
export function inMemoryNodeParser(): ReferenceParser {
  let requests: string[] = [];
  const listener = recorder((request) => requests.push(request));
  const server = createServer({ maxHeaderSize: 128 * 1024 }, listener);
  return {
    name: "node",
    async ask(ours, bytes) {
      requests = [];
      const [near, far] = duplexPair();
      near.on("end", () => near.end());
      const closed = new Promise((resolve) => far.on("close", resolve));
      server.emit("connection", far);
      const statuses = await converse(near, scriptOf(ours, bytes));
      await closed;
      return { requests, statuses };
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** @param path of a socket that does not exist yet */
export async function startNodeParser(path: string): Promise<ReferenceParser> {
  let requests: string[] = [];
  const listener = recorder((request) => requests.push(request));
  const server = await recordingServer(listener, { path });
  return {
    name: "node",
    async ask(ours, bytes) {
      requests = [];
      const { promise: closed, resolve } = Promise.withResolvers<void>();
      server.once("connection", (socket) => socket.on("close", () => resolve()));
      const statuses = await converse(createConnection({ path }), scriptOf(ours, bytes));
      await closed;
      return { requests, statuses };
    },
    [Symbol.asyncDispose]: () => stop(server),
  };
}
