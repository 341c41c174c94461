/** As much of an engine as `docker version` and a ping need, behind mutual TLS as dockerd --tlsverify does it. */
import { once } from "node:events";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { SecureVersion } from "node:tls";
import type { Identity } from "./world.ts";

const VERSION = { Version: "28.2.2", ApiVersion: "1.50", MinAPIVersion: "1.24", Os: "linux", Arch: "amd64" };

export interface EngineServer {
  readonly port: number;
  /** Requests that got past TLS, and why connections did not. */
  readonly answered: string[];
  readonly refused: string[];
  [Symbol.asyncDispose](): Promise<void>;
}

/** @param ca whose clients are let in, PEM */
export async function startEngine(
  { key, cert }: Identity,
  ca: string,
  version: SecureVersion = "TLSv1.3",
): Promise<EngineServer> {
  const [answered, refused]: [string[], string[]] = [[], []];
  // Node's own refusal keeps OpenSSL's reason to itself, so the same verdict is acted on here, and noted.
  const verify = { requestCert: true, rejectUnauthorized: false };
  const tls = { key, cert, ca, ...verify, minVersion: version, maxVersion: version };
  const server = createServer(tls, (request, response) => {
    answered.push(request.url ?? "");
    response.setHeader("Api-Version", VERSION.ApiVersion);
    response.setHeader("Connection", "close");
    if (request.url === "/_ping") response.end("OK");
    else response.end(JSON.stringify(VERSION));
  });
  server.prependListener("secureConnection", (socket) => {
    if (socket.authorized) return;
    refused.push(String(socket.authorizationError));
    socket.destroy();
  });
  server.listen(0, "::");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    answered,
    refused,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
