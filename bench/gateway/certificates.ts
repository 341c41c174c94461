/** Certificates like those of every line: P-256. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { OpensslPki } from "../../test/system/openssl-pki.ts";
import type { Identity } from "./job.ts";

/** @returns a client's files; the servers' files are in the same folder */
export function writeCertificates(folder: string): Identity {
  const pki = new OpensslPki();
  const ca = pki.authority();
  const server = ca.leaf({ san: "IP:127.0.0.1" });
  const client = ca.leaf({ cn: "bench", usage: "clientAuth" });
  pki.remove();
  const texts = {
    "ca.pem": ca.certPem,
    "server-cert.pem": server.certPem,
    "server-key.pem": server.keyPem,
    "server.pem": server.certPem + server.keyPem,
    "client-cert.pem": client.certPem,
    "client-key.pem": client.keyPem,
  };
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const path = (name: string) => join(folder, name);
  return { ca: path("ca.pem"), cert: path("client-cert.pem"), key: path("client-key.pem") };
}
