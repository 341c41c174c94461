/** A host whose engine is behind the gateway, a laptop with the line, and docker's own socket for comparison. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bootHost, type Host, type HostOptions } from "../host.ts";
import { type Laptop, makeLaptop } from "../laptop.ts";
import type { Running } from "../running.ts";

/** PEM texts of a client, and where the line's gateway listens. */
export interface LineKeys {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

export class GatewayLine implements AsyncDisposable {
  readonly host: Host;
  readonly laptop: Laptop;
  /** Docker's socket on the host, forwarded by ssh, without a gateway. */
  readonly directSocket: string;
  readonly #tunnel: Running;

  constructor(host: Host, laptop: Laptop, directSocket: string, tunnel: Running) {
    this.host = host;
    this.laptop = laptop;
    this.directSocket = directSocket;
    this.#tunnel = tunnel;
  }

  /** Where docker clients read their keys. */
  get certPath(): string {
    return join(this.laptop.home, "lines", this.host.name, "docker");
  }

  /** @param folder with the certificates of another client */
  async keys(folder = this.certPath): Promise<LineKeys> {
    const read = (name: string) => readFile(join(folder, name), "utf8");
    const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
    return { host: this.host.ip, port: 2376, ca, cert, key };
  }

  /** The environment for docker clients of any kind. */
  get env(): Record<string, string> {
    return {
      DOCKER_HOST: `tcp://${this.host.ip}:2376`,
      DOCKER_CERT_PATH: this.certPath,
      DOCKER_TLS_VERIFY: "1",
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tunnel[Symbol.asyncDispose]();
    await this.host[Symbol.asyncDispose]();
    await this.laptop[Symbol.asyncDispose]();
  }
}

async function untilThere(path: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!existsSync(path)) {
    if (Date.now() > deadline) throw new Error(`${path} has not appeared`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Boots a host, has `tetherdock up --gateway` set it up, and makes the image `tiny` there. */
export async function openGatewayLine(
  name: string,
  options: Pick<HostOptions, "flavour" | "release" | "state"> = {},
): Promise<GatewayLine> {
  const host = await bootHost({ ...options, name });
  const laptop = await makeLaptop(host.sshConfig);
  await host.root("mk-tiny");
  const up = await laptop.tetherdock(["up", `${host.user}@${host.name}`, "--gateway", "--yes"]);
  if (up.status !== 0) throw new Error(`up --gateway: exit status ${up.status}\n${up.stderr}`);
  const socket = join(laptop.folder, "docker.sock");
  const tunnel = laptop.startBash(`exec ssh -N -L ${socket}:/run/docker.sock ${host.user}@${host.name}`);
  await untilThere(socket);
  return new GatewayLine(host, laptop, socket, tunnel);
}
