/** The real clients of this machine, and how each asks an endpoint with or without certificates. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Endpoint, formatEndpoint } from "../../src/engine/index.ts";
import { run } from "../support/run.ts";
import type { Pair } from "./openssl-pki.ts";

/** What a client is given: the CA to trust, and its own certificate. */
export interface Material {
  readonly caPem: string;
  readonly own?: Pair;
}

/** One client; undefined material: plain HTTP. */
export interface Client {
  readonly name: string;
  /** @returns everything it wrote */
  ask(endpoint: Endpoint, material: Material | undefined): Promise<string>;
}

const PYTHON = `
import ssl, sys, urllib.request
url, ca, cert, key = sys.argv[1:5]
context = ssl.create_default_context(cafile=ca) if ca else None
if cert: context.load_cert_chain(cert, key)
print(urllib.request.urlopen(url, context=context, timeout=10).read())
`;
const NODE = `
const [url, ca, cert, key] = process.argv.slice(1);
const { readFileSync } = require("node:fs");
const read = (path) => (path ? readFileSync(path) : undefined);
const options = { ca: read(ca), cert: read(cert), key: read(key) };
require(url.split(":")[0]).get(url, options, (answer) => answer.resume()).on("error", (error) => {
  delete error.cert;
  console.error(error);
});
`;

function dockers(): string[] {
  // Debian's (20.10) and whichever comes first in PATH (28 here), where they are two.
  const found = new Map<string, string>();
  for (const path of ["/usr/bin/docker", "docker"]) {
    try {
      found.set(execFileSync(path, ["--version"], { encoding: "utf8" }), path);
    } catch {
      // Not this one; that there is one at all is a test of its own.
    }
  }
  return [...found.values()];
}

/** A folder for keys and for the docker CLI's own things. */
export class ClientBench implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), "tetherdock-explain-"));
  #count = 0;
  readonly clients: readonly Client[];

  constructor() {
    const [curl, openssl, node, python] = [this.#curl(), this.#openssl(), this.#node(), this.#python()];
    this.clients = [...dockers().map((path) => this.#docker(path)), curl, openssl, node, python];
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** Writes material as DOCKER_CERT_PATH has it. @returns the folder */
  store({ caPem, own }: Material): string {
    const folder = join(this.#folder, String(this.#count++));
    mkdirSync(folder);
    writeFileSync(join(folder, "ca.pem"), caPem);
    if (own) writeFileSync(join(folder, "cert.pem"), own.certPem);
    if (own) writeFileSync(join(folder, "key.pem"), own.keyPem);
    return folder;
  }

  /** Runs the docker CLI with nothing of the user's own. */
  async docker(path: string, args: readonly string[], env: readonly string[] = []): Promise<string> {
    const clean = [
      "-i",
      `PATH=${process.env["PATH"]}`,
      `HOME=${this.#folder}`,
      `DOCKER_CONFIG=${this.#folder}`,
    ];
    const { stdout, stderr } = await run(["env", ...clean, ...env, path, ...args]);
    return stdout + stderr;
  }

  #files(material: Material | undefined): readonly [string, string, string] {
    if (!material) return ["", "", ""];
    const folder = this.store(material);
    return [
      join(folder, "ca.pem"),
      ...(material.own ? [join(folder, "cert.pem"), join(folder, "key.pem")] : ["", ""]),
    ] as [string, string, string];
  }

  #docker(path: string): Client {
    return {
      name: path,
      ask: (endpoint, material) => {
        const [ca, cert, key] = this.#files(material);
        const own = cert ? ["--tlscert", cert, "--tlskey", key] : [];
        const tls = ca ? ["--tlsverify", "--tlscacert", ca, ...own] : [];
        return this.docker(path, ["-H", `tcp://${formatEndpoint(endpoint)}`, ...tls, "version"]);
      },
    };
  }

  #curl(): Client {
    return {
      name: "curl",
      ask: async (endpoint, material) => {
        const [ca, cert, key] = this.#files(material);
        const tls = ca ? ["--cacert", ca, ...(cert ? ["--cert", cert, "--key", key] : [])] : [];
        const url = `${ca ? "https" : "http"}://${formatEndpoint(endpoint)}/_ping`;
        const { stdout, stderr } = await run([
          "curl",
          "-q",
          "-sS",
          "--noproxy",
          "*",
          "-m",
          "10",
          ...tls,
          url,
        ]);
        return stdout + stderr;
      },
    };
  }

  #openssl(): Client {
    return {
      name: "openssl s_client",
      ask: async ({ host, port }, material) => {
        const [ca, cert, key] = this.#files(material);
        const own = cert ? ["-cert", cert, "-key", key] : [];
        const verify = ca ? ["-CAfile", ca, "-verify_return_error", "-verify_ip", host] : [];
        const at = ["-connect", formatEndpoint({ host, port })];
        const { stdout, stderr } = await run(
          ["openssl", "s_client", ...at, ...verify, ...own, "-brief", "-ign_eof"],
          "GET /_ping HTTP/1.0\r\n\r\n",
        );
        return stdout + stderr;
      },
    };
  }

  #node(): Client {
    return {
      name: "Node.js",
      ask: async (endpoint, material) => {
        const files = this.#files(material);
        const url = `${material ? "https" : "http"}://${formatEndpoint(endpoint)}/_ping`;
        const { stdout, stderr } = await run([process.execPath, "-e", NODE, url, ...files]);
        return stdout + stderr;
      },
    };
  }

  #python(): Client {
    return {
      name: "Python",
      ask: async (endpoint, material) => {
        const files = this.#files(material);
        const url = `${material ? "https" : "http"}://${formatEndpoint(endpoint)}/_ping`;
        const { stdout, stderr } = await run(["env", "no_proxy=*", "python3", "-c", PYTHON, url, ...files]);
        return stdout + stderr;
      },
    };
  }
}
