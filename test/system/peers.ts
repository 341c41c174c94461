/** Servers on loopback that behave, and peers that do not. */
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Endpoint } from "../../src/engine/index.ts";

const open: Server[] = [];

async function listening(server: Server, host: string): Promise<Endpoint> {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { host, port: (server.address() as AddressInfo).port };
}

/** Answers like dockerd 20.10. */
export const likeDocker: RequestListener = (request, response) => {
  response.setHeader("Api-Version", "1.41");
  response.setHeader("Server", "Docker/20.10.24 (linux)");
  if (request.url === "/_ping") response.end("OK");
  else response.writeHead(404).end('{"message":"page not found"}\n');
};

export function plainServer(listener: RequestListener = likeDocker, host = "127.0.0.1"): Promise<Endpoint> {
  return listening(createHttpServer(listener), host);
}

export function tlsServer(
  options: ServerOptions,
  listener: RequestListener = likeDocker,
  host = "127.0.0.1",
): Promise<Endpoint> {
  return listening(createHttpsServer(options, listener), host);
}

/** A peer that gets the bare socket; its errors are expected, since probes hang up on it. */
export function rawPeer(behave: (socket: Socket) => void, host = "127.0.0.1"): Promise<Endpoint> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    behave(socket);
  });
  return listening(server, host);
}

/** A port on which nothing listens: it was free a moment ago. */
export async function freePort(host = "127.0.0.1"): Promise<Endpoint> {
  const server = createServer();
  const endpoint = await listening(server, host);
  await new Promise((resolve) => server.close(resolve));
  return endpoint;
}

/**
 * Stops listening and waits until every connection has ended *without* ending one: so a connection that the prober
 * left open makes the test time out.
 */
export async function allHungUp(): Promise<void> {
  const servers = open.splice(0).filter((server) => server.listening);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}
