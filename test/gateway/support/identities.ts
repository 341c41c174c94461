/** One CA for a test file, and whatever certificates it wants of it. */
import { createHash, X509Certificate } from "node:crypto";
import {
  type Authority,
  issueClient,
  issueExpiredClient,
  issueServer,
  makeAuthority,
  makeKeyPair,
  normaliseNames,
  openAuthority,
  type StoredAuthority,
} from "../../../src/pki/index.ts";

/** PEM, and the fingerprint that a client list has of it. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
  readonly fingerprint: string;
}

/** SHA-256 of a certificate's SubjectPublicKeyInfo, hexadecimal. */
function fingerprintOf(cert: string): string {
  const spki = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(spki).digest("hex");
}

export class Identities {
  readonly #authority: Authority;

  private constructor(authority: Authority) {
    this.#authority = authority;
  }

  static async make(subject = "tetherdock test"): Promise<Identities> {
    return new Identities(await openAuthority(await makeAuthority({ subject, now: Date.now() })));
  }

  /** A CA that is there already. */
  static async of(stored: StoredAuthority): Promise<Identities> {
    return new Identities(await openAuthority(stored));
  }

  /** The CA's certificate, PEM. */
  get ca(): string {
    return this.#authority.certificate;
  }

  client(name: string): Promise<Identity> {
    return this.#issue(({ publicKey }) =>
      issueClient(this.#authority, { publicKey, commonName: name, now: Date.now() }),
    );
  }

  /** Its certificate ended a month ago. */
  expired(name: string): Promise<Identity> {
    return this.#issue(({ publicKey }) =>
      issueExpiredClient(this.#authority, { publicKey, commonName: name, now: Date.now() }),
    );
  }

  server(...names: string[]): Promise<Identity> {
    return this.#issue(({ publicKey }) =>
      issueServer(this.#authority, { publicKey, names: normaliseNames(names), now: Date.now() }),
    );
  }

  async #issue(sign: (pair: { publicKey: string }) => Promise<string>): Promise<Identity> {
    const { publicKey, privateKey } = makeKeyPair();
    const cert = await sign({ publicKey });
    return { key: privateKey, cert, fingerprint: fingerprintOf(cert) };
  }
}
