/** Clients that a line must refuse, each with a different flaw, and a similar one that it must admit. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { OpensslPki, type Pair } from "../system/openssl-pki.ts";
import type { Host } from "./host.ts";
import type { Laptop } from "./laptop.ts";
import { mustRun } from "./run.ts";

/** A client and its certificate; files for curl, openssl and the docker CLI. */
export interface Client {
  readonly what: string;
  /** Null: shows no certificate. */
  readonly files: { readonly cert: string; readonly key: string } | null;
}

const DAY_MS = 86_400_000;

/** As openssl writes it: YYMMDDHHMMSSZ. */
function opensslTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`;
}

async function written(folder: string, what: string, { certPem, keyPem }: Pair): Promise<Client> {
  await mkdir(folder, { recursive: true });
  const [cert, key] = [join(folder, `${what}.crt`), join(folder, `${what}.key`)];
  await writeFile(cert, certPem);
  await writeFile(key, keyPem, { mode: 0o600 });
  return { what, files: { cert, key } };
}

/**
 * @returns the client that must be admitted (with a certificate that openssl signed with the line's CA) and those that
 * must not
 */
export async function makeClients(laptop: Laptop, host: Host, line: string) {
  const lineFile = (name: string) => readFile(join(laptop.home, "lines", line, name), "utf8");
  const [certPem, keyPem] = [await lineFile("docker/ca.pem"), await lineFile("ca/ca-key.pem")];
  const pki = new OpensslPki();
  try {
    const own = pki.adopt({ certPem, keyPem });
    const subject = await mustRun(
      ["openssl", "x509", "-noout", "-subject", "-nameopt", "multiline"],
      certPem,
    );
    const twin = pki.authority(/commonName *= (.*)/.exec(subject)?.[1] ?? "");
    const [from, to] = [opensslTime(Date.now() - 2 * DAY_MS), opensslTime(Date.now() - DAY_MS)];
    const server = {
      certPem: await host.root("cat /etc/tetherdock/server-cert.pem"),
      keyPem: await host.root("cat /etc/tetherdock/server-key.pem"),
    };
    const folder = join(laptop.folder, "clients");
    return {
      admitted: await written(folder, "fresh", own.leaf({ usage: "clientAuth" })),
      refused: [
        { what: "no certificate", files: null },
        await written(folder, "expired", own.leaf({ usage: "clientAuth", from, to })),
        await written(folder, "twin CA's", twin.leaf({ usage: "clientAuth" })),
        await written(folder, "self-signed", twin),
        await written(folder, "host's own", server),
      ] satisfies Client[],
    };
  } finally {
    pki.remove();
  }
}
