/** Debian's docker-registry, behind a password, on a host's 127.0.0.1: there Docker does not ask for TLS. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { Running } from "../running.ts";
import { unpackedProgram } from "../unpacked-program.ts";
import type { GatewayLine } from "./line-on-host.ts";

export const REGISTRY = "127.0.0.1:5000";
export const LOGIN = { user: "ci", password: "a password of the registry" };
/** The password by bcrypt, the only form that docker-registry reads: `mkpasswd -m bcrypt`. */
const HASH = "$2b$05$QUr9ziUP1kl4aIb5asNW9O14lsyjN/ANSzHAx5bZzqAXTLC7FBKea";

const settings = (folder: string, port: number): string => `version: 0.1
storage: { filesystem: { rootdirectory: ${folder}/images } }
http: { addr: "127.0.0.1:${port}", secret: only for one process }
auth: { htpasswd: { realm: test, path: ${folder}/passwords } }
`;

export class Registry implements AsyncDisposable {
  readonly #folder: string;
  readonly #port: number;
  /** The registry, and the way from the host to it. */
  readonly #running: readonly Running[];

  private constructor(folder: string, port: number, running: readonly Running[]) {
    this.#folder = folder;
    this.#port = port;
    this.#running = running;
  }

  static async open({ laptop, host }: GatewayLine): Promise<Registry> {
    const folder = await mkdtemp(join(tmpdir(), "registry-"));
    const port = await freePort();
    const program = await unpackedProgram("bookworm", "docker-registry", "usr/bin/docker-registry");
    await writeFile(join(folder, "passwords"), `${LOGIN.user}:${HASH}\n`);
    await writeFile(join(folder, "registry.yaml"), settings(folder, port));
    const server = new Running([program, "serve", join(folder, "registry.yaml")], {
      ...{ env: { PATH: process.env["PATH"] }, cwd: folder },
    });
    const tunnel = laptop.startBash(
      `exec ssh -N -o ExitOnForwardFailure=yes -R ${REGISTRY}:127.0.0.1:${port} ${host.user}@${host.name}`,
    );
    await host.root(`curl -sS --retry 50 --retry-delay 1 --retry-all-errors http://${REGISTRY}/v2/`);
    return new Registry(folder, port, [tunnel, server]);
  }

  /** @param name with its tag */
  async has(name: string): Promise<boolean> {
    const Authorization = `Basic ${Buffer.from(`${LOGIN.user}:${LOGIN.password}`).toString("base64")}`;
    const Accept =
      "application/vnd.docker.distribution.manifest.v2+json, application/vnd.oci.image.manifest.v1+json";
    const url = `http://127.0.0.1:${this.#port}/v2/${name.replace(":", "/manifests/")}`;
    return (await fetch(url, { method: "HEAD", headers: { Authorization, Accept } })).ok;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const one of this.#running) await one[Symbol.asyncDispose]();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
