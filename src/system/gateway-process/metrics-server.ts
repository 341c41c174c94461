/** `GET /metrics` for Prometheus, on a local socket or loopback only, because it requires no certificate. */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { TetherdockError } from "../../base/index.ts";
import type { Gateway, MetricsListen } from "../../gateway/index.ts";
import { removeStale } from "../service/stale-socket.ts";

const TYPE = "text/plain; version=0.0.4; charset=utf-8";

/** @throws GATEWAY_LISTEN_FAILED */
export async function serveMetrics(gateway: Gateway, where: MetricsListen): Promise<Server> {
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url !== "/metrics") return void response.writeHead(404).end();
    response.writeHead(200, { "Content-Type": TYPE }).end(gateway.metrics.render(gateway.gauges));
  });
  try {
    if (where.kind === "unix") await removeStale(where.path);
    const ready = once(server, "listening");
    server.listen(where.kind === "unix" ? { path: where.path } : { host: where.host, port: where.port });
    await ready;
  } catch (cause) {
    throw new TetherdockError("GATEWAY_LISTEN_FAILED", "the gateway cannot serve its metrics", {
      why: [(cause as Error).message],
      cause,
    });
  }
  return server;
}
