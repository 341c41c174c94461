/** A line on disk as `up` leaves it, with real certificates by openssl: nothing of ours makes them. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The texts of a CA, a client certificate and their keys. */
export interface SampleCertificates {
  readonly ca: string;
  readonly caKey: string;
  readonly cert: string;
  readonly key: string;
}

/** @param days until the client's certificate ends; the CA's lasts ten times as long */
export function makeCertificates(days: number): SampleCertificates {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-sample-"));
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  try {
    const ends = ["-days", String(days * 10)];
    openssl("req", "-x509", ...key, "-keyout", "ca-key.pem", "-out", "ca.pem", ...ends, "-subj", "/CN=ca");
    openssl("req", ...key, "-keyout", "key.pem", "-out", "csr.pem", "-subj", "/CN=me");
    const issuer = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-set_serial", "1"];
    openssl("x509", "-req", "-in", "csr.pem", ...issuer, "-days", String(days), "-out", "cert.pem");
    const read = (name: string) => readFileSync(join(folder, name), "utf8");
    return { ca: read("ca.pem"), caKey: read("ca-key.pem"), cert: read("cert.pem"), key: read("key.pem") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * Writes a line.
 * @param home TETHERDOCK_HOME
 * @param fields over the defaults of line.json
 */
export function writeSampleLine(
  home: string,
  name: string,
  certificates: SampleCertificates,
  fields: Readonly<Record<string, unknown>> = {},
): void {
  const line = {
    version: 2,
    id: Buffer.from(name.padEnd(8, ".")).toString("hex").slice(0, 16),
    name,
    mode: "native",
    address: `${name}.example.net`,
    port: 2376,
    target: `me@${name}.example.net`,
    addresses: [`${name}.example.net`],
    sans: [],
    host: { serverKeys: [], reachedAt: [], ssh: null },
    createdAt: "2026-01-31T08:00:00.000Z",
    ...fields,
  };
  const write = (file: string, text: string) => {
    const path = join(home, "lines", name, file);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, text, { mode: 0o600 });
  };
  write("line.json", `${JSON.stringify(line, null, 2)}\n`);
  write("docker/ca.pem", certificates.ca);
  write("docker/cert.pem", certificates.cert);
  write("docker/key.pem", certificates.key);
  write("ca/ca-key.pem", certificates.caKey);
}
