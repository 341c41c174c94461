/** A CA, a second one of the same name, certificates of every kind, and a directory for tools that read files. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Authority,
  issueClient,
  issueExpiredClient,
  issueServer,
  makeAuthority,
  makeKeyPair,
  normaliseNames,
  openAuthority,
} from "../../src/pki/index.ts";

/** A key and a certificate for it, PEM. */
export interface Identity {
  readonly key: string;
  readonly cert: string;
}

/** Identities a client may show, by what is right or wrong about them. */
export type ClientKind = "good" | "expired" | "twin's" | "server's";

export interface World {
  readonly authority: Authority;
  /** Same subject, another key: what a line made anew leaves behind. */
  readonly twin: Authority;
  readonly server: Identity;
  readonly clients: Readonly<Record<ClientKind, Identity>>;
  /** Writes a file. @returns its path */
  file(name: string, content: string | Uint8Array): Promise<string>;
  /** Issues a server certificate for the same key. @param now milliseconds since the epoch */
  serverFor(names: readonly string[], now?: number): Promise<Identity>;
  end(): Promise<void>;
}

/** In the server's certificate, beside both loopback addresses. */
export const DNS_NAME = "docker.example.com";

async function newAuthority(now: number): Promise<Authority> {
  return openAuthority(await makeAuthority({ subject: "tetherdock test", now }));
}

/** @param now milliseconds since the epoch: when the CA is made and everything issued */
export async function makeWorld(now: number): Promise<World> {
  const directory = await mkdtemp(join(tmpdir(), "tetherdock-pki-"));
  const [authority, twin] = [await newAuthority(now), await newAuthority(now)];
  const { publicKey, privateKey: key } = makeKeyPair();
  const options = { publicKey, commonName: "anna@laptop", now };
  const serverFor = async (names: readonly string[], at = now) => ({
    key,
    cert: await issueServer(authority, { publicKey, names: normaliseNames(names), now: at }),
  });
  const server = await serverFor([DNS_NAME, "localhost", "127.0.0.1", "::1"]);
  return {
    authority,
    twin,
    server,
    serverFor,
    clients: {
      good: { key, cert: await issueClient(authority, options) },
      expired: { key, cert: await issueExpiredClient(authority, options) },
      "twin's": { key, cert: await issueClient(twin, options) },
      "server's": server,
    },
    async file(name, content) {
      const path = join(directory, name);
      await writeFile(path, content, { mode: 0o600 });
      return path;
    },
    end: () => rm(directory, { recursive: true }),
  };
}
