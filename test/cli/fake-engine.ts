/**
 * An HTTPS server that asks for client certificates and answers the three requests `docker version` makes.
 * Not an engine: what is tested is whether docker CLIs find, read and present what tetherdock wrote.
 */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SampleCertificates } from "./sample-line.ts";

/** A running fake engine. */
export interface FakeEngine {
  readonly port: number;
  close(): Promise<void>;
}

/** What its /version says. */
export const ENGINE_VERSION = "99.1.2-fake";

/** A certificate for 127.0.0.1, by the CA of the clients. */
export function makeServerCertificate({ ca, caKey }: SampleCertificates): { cert: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-server-"));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  try {
    writeFileSync(join(folder, "ca.pem"), ca);
    writeFileSync(join(folder, "ca-key.pem"), caKey, { mode: 0o600 });
    writeFileSync(join(folder, "ext"), "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem"];
    openssl("req", ...key, "-out", "csr.pem", "-subj", "/CN=server");
    const issuer = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-set_serial", "2", "-extfile", "ext"];
    openssl("x509", "-req", "-in", "csr.pem", ...issuer, "-days", "60", "-out", "cert.pem");
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    return { cert: read("cert.pem"), key: read("key.pem") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** @param certificates whose CA signs the server's certificate and is asked of clients */
export async function startFakeEngine(certificates: SampleCertificates): Promise<FakeEngine> {
  const { cert, key } = makeServerCertificate(certificates);
  const tls = { cert, key, ca: certificates.ca, requestCert: true, rejectUnauthorized: true };
  const server = createServer(tls, (request, response) => {
    const path = (request.url ?? "").replace(/^\/v[\d.]+/, "");
    response.setHeader("Api-Version", "1.41");
    response.setHeader("Server", `Docker/${ENGINE_VERSION} (linux)`);
    if (path === "/_ping") response.end("OK");
    else if (path === "/version") {
      response.setHeader("Content-Type", "application/json");
      const version = {
        Version: ENGINE_VERSION,
        ApiVersion: "1.41",
        MinAPIVersion: "1.12",
        Os: "linux",
        Arch: "amd64",
      };
      response.end(JSON.stringify(version));
    } else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
