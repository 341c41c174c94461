/** Checks with the docker CLI, curl and openssl, not with tetherdock, that a line is what `up` says. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { LineMode } from "../../src/line/index.ts";
import { bracketed, getVersion } from "./exposure.ts";
import type { Host } from "./host.ts";
import type { Laptop } from "./laptop.ts";
import { type Output, run } from "./run.ts";
import { type Client, makeClients } from "./test-clients.ts";

// The alert "certificate expired", which newer engines send. curl describes it as if it had checked the server's
// certificate itself (which -k forbids): lib/vtls/openssl.c, SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED.
const ALERT =
  /alert (bad certificate|unknown ca|certificate (required|expired|unknown)|unsupported certificate)|^curl: \(60\) /;
/** Without a certificate, newer engines send the generic alert in TLS 1.2. */
const ALERT_TO_NOBODY = new RegExp(`${ALERT.source}|alert handshake failure`);

/** Debian's docker CLI with the environment of a line. */
export function overLine(laptop: Laptop, line: string, args: readonly string[]): Promise<Output> {
  return laptop.tetherdock(["run", "--line", line, "--", "/usr/bin/docker", ...args]);
}

function getAs(address: string, { files }: Client, options: readonly string[] = []): Promise<Output> {
  const shown = files ? ["--cert", files.cert, "--key", files.key] : [];
  return getVersion(`https://${bracketed(address)}:2376`, [...shown, ...options]);
}

/**
 * With TLS 1.2 the handshake fails with the reason. With 1.3 the server checks the certificate after the client's
 * handshake is complete: it depends on timing whether curl still reads the alert or finds the connection closed.
 */
async function expectRefused(address: string, client: Client): Promise<void> {
  const older = await getAs(address, client, ["--tls-max", "1.2"]);
  const alert = client.files ? ALERT : ALERT_TO_NOBODY;
  expect(older.stderr, `${client.what} at ${address}`).toMatch(alert);
  const { status, stdout } = await getAs(address, client, ["--tlsv1.3"]);
  expect(status, client.what).toBeOneOf([55, 56]);
  expect(older.stdout + stdout, client.what).toBe("");
}

/**
 * A gateway completes the handshake and then closes the connection, or answers in HTTP that it does not know the
 * client.
 */
async function expectKeptOut(address: string, client: Client): Promise<void> {
  for (const version of [["--tls-max", "1.2"], ["--tlsv1.3"]]) {
    const { stdout, stderr } = await getAs(address, client, version);
    expect(stdout, `${client.what} at ${address}\n${stderr}`).toMatch(/^$|^\{"message":"tetherdock: .*\}\n$/);
  }
}

async function expectNoHandshake(address: string): Promise<void> {
  const { stdout, stderr } = await run(
    ["timeout", "5", "openssl", "s_client", "-quiet", "-tls1_2", "-connect", `${bracketed(address)}:2376`],
    "GET /version HTTP/1.0\r\n\r\n",
  );
  expect(stderr).toMatch(ALERT_TO_NOBODY);
  expect(stdout).toBe("");
}

async function expectPlainGetsNothing(laptop: Laptop, address: string, mode: LineMode): Promise<void> {
  const plain = await getVersion(`http://${bracketed(address)}:2376`);
  expect(plain.stdout).toBe(mode === "native" ? "Client sent an HTTP request to an HTTPS server.\n" : "");
  expect((await getVersion(`http://${bracketed(address)}:2375`)).status, "2375 is closed").toBe(7);
  for (const port of [2375, 2376]) {
    const docker = await laptop.docker(["-H", `tcp://${bracketed(address)}:${port}`, "version"]);
    expect(docker.status, `docker -H without TLS, ${port}`).toBe(1);
    expect(docker.stdout).not.toContain("Server:");
  }
}

async function expectClients(laptop: Laptop, host: Host, line: string, mode: LineMode, address: string) {
  const { admitted, refused } = await makeClients(laptop, host, line);
  if (mode === "gateway") {
    // A certificate from the right CA is not enough.
    for (const client of [admitted, ...refused]) await expectKeptOut(address, client);
    return;
  }
  expect((await getAs(address, admitted)).stdout, "a good certificate made by openssl").toContain(
    '"ApiVersion"',
  );
  for (const client of refused) await expectRefused(address, client);
  await expectNoHandshake(address);
}

/**
 * @param line of this laptop, to this host
 * @param mode how it is served
 */
export async function expectProven(
  laptop: Laptop,
  host: Host,
  line: string,
  mode: LineMode = "native",
): Promise<void> {
  const version = await host.root("docker version -f '{{.Server.Version}}'");
  const kept = JSON.parse(await readFile(join(laptop.home, "lines", line, "line.json"), "utf8"));
  expect(kept.addresses).toContain(host.ip);
  for (const address of [host.ip, host.ip6]) {
    const url = `tcp://${bracketed(address)}:2376`;
    const docker = await overLine(laptop, line, ["-H", url, "version", "-f", "{{.Server.Version}}"]);
    if (kept.addresses.includes(address)) expect(docker).toEqual({ status: 0, stdout: version, stderr: "" });
    else expect(docker.stderr, "an address that nobody named").toContain("certificate is valid for");
    await expectClients(laptop, host, line, mode, address);
    await expectPlainGetsNothing(laptop, address, mode);
  }
}
