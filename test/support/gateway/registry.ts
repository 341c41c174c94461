/** A registry for images, on a host's 127.0.0.1: as much of it as `docker push` and `pull` need, behind a password. */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { Running } from "../running.ts";
import type { GatewayLine } from "./line-on-host.ts";

export const REGISTRY = "127.0.0.1:5000";
export const LOGIN = { user: "ci", password: "a password of the registry" };
const AUTHORIZATION = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString("base64")}`;

const digestOf = (bytes: Buffer): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;

interface Manifest {
  readonly type: string;
  readonly bytes: Buffer;
}

export class Registry implements AsyncDisposable {
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #blobs = new Map<string, Buffer>();
  readonly #uploads = new Map<string, Buffer>();
  /** By `NAME:TAG` and `NAME:DIGEST`. */
  readonly #manifests = new Map<string, Manifest>();
  #tunnel: Running | null = null;

  static async open({ laptop, host }: GatewayLine): Promise<Registry> {
    const registry = new Registry();
    await new Promise<void>((resolve) => registry.#server.listen(0, "127.0.0.1", resolve));
    const { port } = registry.#server.address() as AddressInfo;
    const login = `${host.user}@${host.name}`;
    registry.#tunnel = laptop.startBash(
      `exec ssh -N -o ExitOnForwardFailure=yes -R ${REGISTRY}:127.0.0.1:${port} ${login}`,
    );
    await host.root(`curl -sS --retry 50 --retry-delay 1 --retry-connrefused http://${REGISTRY}/v2/`);
    return registry;
  }

  /** `NAME:TAG` of what was pushed. */
  get names(): string[] {
    return [...this.#manifests.keys()].filter((name) => !name.includes(":sha256:"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tunnel?.[Symbol.asyncDispose]();
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (request.headers.authorization !== AUTHORIZATION) {
      response.writeHead(401, { "WWW-Authenticate": 'Basic realm="test"' }).end();
      return;
    }
    const url = new URL(request.url ?? "", "http://registry");
    const [, name = "", kind = "", last = ""] =
      /^\/v2\/(.+)\/(blobs|manifests)\/(.*)$/.exec(url.pathname) ?? [];
    if (url.pathname === "/v2/") response.end("{}");
    else if (kind === "manifests") this.#manifest(request, response, `${name}:${last}`, name, body);
    else if (last.startsWith("uploads/")) this.#upload(request, response, url, body);
    else send(response, this.#blobs.get(last), "application/octet-stream");
  }

  #manifest(
    request: IncomingMessage,
    response: ServerResponse,
    key: string,
    name: string,
    bytes: Buffer,
  ): void {
    const found = this.#manifests.get(key);
    if (request.method !== "PUT") {
      send(response, found?.bytes, found?.type ?? "");
      return;
    }
    const made = { type: request.headers["content-type"] ?? "", bytes };
    this.#manifests.set(key, made).set(`${name}:${digestOf(bytes)}`, made);
    response.writeHead(201, { "Docker-Content-Digest": digestOf(bytes) }).end();
  }

  #upload(request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer): void {
    const id = request.method === "POST" ? `${url.pathname}${this.#uploads.size}` : url.pathname;
    const all = Buffer.concat([this.#uploads.get(id) ?? Buffer.alloc(0), body]);
    this.#uploads.set(id, all);
    if (request.method === "PUT") this.#blobs.set(url.searchParams.get("digest") ?? "", all);
    const Range = `0-${Math.max(all.length - 1, 0)}`;
    response.writeHead(request.method === "PUT" ? 201 : 202, { Location: id, Range }).end();
  }
}

function send(response: ServerResponse, bytes: Buffer | undefined, type: string): void {
  if (bytes === undefined) response.writeHead(404).end();
  else
    response
      .writeHead(200, {
        ...{ "Content-Type": type, "Content-Length": bytes.length },
        "Docker-Content-Digest": digestOf(bytes),
      })
      .end(response.req.method === "HEAD" ? "" : bytes);
}
