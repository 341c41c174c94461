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
