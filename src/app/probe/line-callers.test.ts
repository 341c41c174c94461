/** Whom a visit can connect as, by what is known of the line. */
import { expect, test } from "vitest";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { keepLine } from "../../../test/support/app/visit-world.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { readCertificate } from "../../pki/index.ts";
import { lineCallers } from "./line-callers.ts";

async function stage(over: Parameters<typeof keepLine>[1] = {}) {
  const lines = new MemoryLines();
  return { lines, line: await keepLine(lines, over) };
}

const subjectOf = (credential: object | undefined) => {
  const { identity } = credential as { identity?: { certPem: string } };
  return readCertificate(identity?.certPem ?? expect.fail("no certificate"));
};

test("without a line: a certificate of a CA that dockerd does not know, whatever its name is", async () => {
  const { own, credentials, noCaKey } = await lineCallers(new MemoryLines(), null, NOW);
  expect([own, noCaKey, Object.keys(credentials)]).toEqual([null, undefined, ["untrusted"]]);
  expect(subjectOf(credentials.untrusted)).toMatchObject({ subject: "CN=tetherdock probe" });
});

test("with a line: the other CA has the name of the line's, so that a comparison of names lets it in", async () => {
  const { lines, line } = await stage();
  const { credentials, own } = await lineCallers(lines, line, NOW);
  const ca = readCertificate(own?.ca ?? "");
  const [trusted, untrusted] = [subjectOf(credentials.line), subjectOf(credentials.untrusted)];
  expect(ca.subject).toBe("CN=tetherdock vps");
  expect([trusted.issuer, untrusted.issuer]).toEqual([ca.subject, ca.subject]);
});

/** Made as Docker's documentation says, by OpenSSL. */
const OPENSSL = `-----BEGIN CERTIFICATE-----
MIIBuDCCAV2gAwIBAgIUcBfDmde/dXC5z1qV1+8Tz0uys64wCgYIKoZIzj0EAwIw
MTELMAkGA1UEBhMCQVUxEzARBgNVBAoMCkRvY2tlciBJbmMxDTALBgNVBAMMBGhv
c3QwHhcNMjYxMTI3MDMzNTM3WhcNMzYxMTI0MDMzNTM3WjAxMQswCQYDVQQGEwJB
VTETMBEGA1UECgwKRG9ja2VyIEluYzENMAsGA1UEAwwEaG9zdDBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABAde+FgypfPda2CTcUMisHoQeiYv8BBPy9tgUb+lqwz1
V72r4arPxK6gtgLdOm2ZDNkZFTSVUQmOq9jBbKcfsOajUzBRMB0GA1UdDgQWBBQc
4/yxDgSFYHq3DTB1b7AXsrn4UTAfBgNVHSMEGDAWgBQc4/yxDgSFYHq3DTB1b7AX
srn4UTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCN7rJbm0a+
zz5DM19kt3rO4ULsUGuRmU0DtpGKOxxYQgIhAO1KoUsQoyzElHUzVAFqATF3R8s9
6NM2SdVyn+5+8Bx7
-----END CERTIFICATE-----
`;

test("the CA of an imported line may have a name of several parts: the other CA has the same", async () => {
  const { lines, line } = await stage({ joined: true });
  lines.kept.get("vps")?.set("docker/ca.pem", OPENSSL);
  const { untrusted } = (await lineCallers(lines, line, NOW)).credentials;
  expect(subjectOf(untrusted).issuer).toBe("C=AU, O=Docker Inc, CN=host");
});

test("a CA certificate that is damaged is an error with its code", async () => {
  const { lines, line } = await stage();
  for (const text of ["x", "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"]) {
    lines.kept.get("vps")?.set("docker/ca.pem", text);
    await expect(lineCallers(lines, line, NOW)).rejects.toMatchObject({ code: "CERTIFICATE_UNREADABLE" });
  }
});

test("a joined line has no CA key: only the certificates that need none are tried", async () => {
  const { lines, line } = await stage({ target: null, joined: true });
  lines.kept.get("vps")?.delete("ca/ca-key.pem");
  const { credentials, noCaKey } = await lineCallers(lines, line, NOW);
  expect(Object.keys(credentials).toSorted()).toEqual(["line", "untrusted"]);
  expect(noCaKey).toMatch(/^this machine joined or imported the line/);
});

test("an error that is a bug is passed on", async () => {
  const { lines, line } = await stage();
  const bug = new Error("a bug");
  const { readFile } = lines;
  const failing: typeof readFile = (name, file) =>
    file === "ca/ca-key.pem" ? Promise.reject(bug) : readFile.call(lines, name, file);
  await expect(lineCallers({ readFile: failing }, line, NOW)).rejects.toBe(bug);
});
