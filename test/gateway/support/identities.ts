/** One CA for a test file, and whatever certificates it wants of it. */
import { createHash, X509Certificate } from "node:crypto";
import { DAY_MS } from "../../../src/base/index.ts";
import {
  type Authority,
  issueClient,
  issueExpiredClient,
  issueServer,
  makeAuthority,
  makeKeyPair,
  normaliseNames,
  openAuthority,
  publicKeyOf,
  renewAuthority,
  type San,
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
    // Older than any certificate that a test needs.
    const now = Date.now() - 60 * DAY_MS;
    return new Identities(await openAuthority(await makeAuthority({ subject, now })));
  }

  /** A CA that is there already. */
  static async of(stored: StoredAuthority): Promise<Identities> {
    return new Identities(await openAuthority(stored));
  }

  /** The CA's certificate, PEM. */
  get ca(): string {
    return this.#authority.certificate;
  }

  /** The same CA with its next certificate. */
  async next(): Promise<Identities> {
    return new Identities(await renewAuthority(this.#authority, Date.now()));
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

  /** Its certificate is from tomorrow, as all new ones are on a host whose clock is a day behind. */
  early(name: string): Promise<Identity> {
    return this.#issue(({ publicKey }) =>
      issueClient(this.#authority, { publicKey, commonName: name, now: Date.now() + DAY_MS }),
    );
  }

  /** A client certificate for a key that is there, which ends then. */
  signed(publicKey: string, until: number): Promise<string> {
    const now = Date.now();
    return issueClient(this.#authority, {
      publicKey,
      commonName: "signed",
      now: Math.min(now, until - 1),
      until,
    });
  }

  /** A server certificate for a key that is there. @param now when it is issued, ms */
  serverFor(key: string, names: readonly San[], now: number): Promise<string> {
    return issueServer(this.#authority, { publicKey: publicKeyOf(key), names, now });
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
