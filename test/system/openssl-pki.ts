/** Certificates made with openssl, so that the prober is not tested against our own issuing code. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Pair {
  readonly certPem: string;
  readonly keyPem: string;
}

export interface LeafOptions {
  readonly cn?: string;
  /** As openssl writes it: `DNS:a.test,IP:127.0.0.1`. */
  readonly san?: string;
  readonly usage?: "serverAuth" | "clientAuth";
  /** YYMMDDHHMMSSZ */
  readonly from?: string;
  readonly to?: string;
}

export interface Authority extends Pair {
  leaf(options: LeafOptions): Pair;
}

const EC_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/** A directory of CAs; `remove` deletes it. */
export class OpensslPki {
  readonly #dir = mkdtempSync(join(tmpdir(), "tetherdock-pki-"));
  #count = 0;

  remove(): void {
    rmSync(this.#dir, { recursive: true });
  }

  #run(args: readonly string[]): void {
    execFileSync("openssl", args, { cwd: this.#dir, stdio: ["ignore", "ignore", "pipe"] });
  }

  #read(name: string): Pair {
    const text = (suffix: string) => readFileSync(join(this.#dir, `${name}.${suffix}`), "utf8");
    return { certPem: text("crt"), keyPem: text("key") };
  }

  authority(cn = "test ca"): Authority {
    const name = `ca${this.#count++}`;
    const subject = ["-subj", `/CN=${cn}`, "-keyout", `${name}.key`, "-out", `${name}.crt`];
    const extensions = ["-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    this.#run(["req", "-x509", ...EC_KEY, ...subject, ...extensions, "-days", "2"]);
    return { ...this.#read(name), leaf: (options) => this.#leaf(name, options) };
  }

  /** A CA that somebody else made. */
  adopt(pair: Pair): Authority {
    const name = `ca${this.#count++}`;
    writeFileSync(join(this.#dir, `${name}.crt`), pair.certPem);
    writeFileSync(join(this.#dir, `${name}.key`), pair.keyPem);
    return { ...pair, leaf: (options) => this.#leaf(name, options) };
  }

  #leaf(ca: string, { cn = "leaf", san, usage = "serverAuth", from, to }: LeafOptions): Pair {
    const name = `leaf${this.#count++}`;
    this.#run(["req", ...EC_KEY, "-subj", `/CN=${cn}`, "-keyout", `${name}.key`, "-out", `${name}.csr`]);
    const lines = [
      "basicConstraints=CA:FALSE",
      `extendedKeyUsage=${usage}`,
      ...(san ? [`subjectAltName=${san}`] : []),
    ];
    writeFileSync(join(this.#dir, `${name}.ext`), `${lines.join("\n")}\n`);
    writeFileSync(join(this.#dir, `${name}.index`), "");
    const config = [
      "[ca]",
      "default_ca=d",
      "[d]",
      `database=${name}.index`,
      "new_certs_dir=.",
      "rand_serial=yes",
      "default_md=sha256",
      "policy=p",
      "[p]",
      "commonName=supplied",
    ];
    writeFileSync(join(this.#dir, `${name}.cnf`), `${config.join("\n")}\n`);
    const signer = ["-config", `${name}.cnf`, "-cert", `${ca}.crt`, "-keyfile", `${ca}.key`];
    const dates = [...(from ? ["-startdate", from] : []), ...(to ? ["-enddate", to] : ["-days", "1"])];
    const files = ["-in", `${name}.csr`, "-out", `${name}.crt`, "-extfile", `${name}.ext`, "-notext"];
    this.#run(["ca", "-batch", ...signer, ...dates, ...files]);
    return this.#read(name);
  }
}
