/** What the user is told after the CA of a native line was replaced. */
import { expect, test } from "vitest";
import { carriedOut } from "../../../test/support/app/carried-out.ts";
import { upRequest, upWorld } from "../../../test/support/app/up-world.ts";
import { formatApproval } from "../../app/approve/index.ts";
import { type UpRequest, up } from "../../app/up/index.ts";
import { makeKeyPair, readCertificate } from "../../pki/index.ts";
import { createStyle } from "../output/style.ts";
import { resultJson, resultLines } from "./report-up.ts";

async function stage(...clients: readonly string[]) {
  const world = upWorld();
  const run = async (over: Partial<UpRequest>) => {
    const result = await up(world.ports, upRequest(over));
    if (result.kind !== "proven") throw new Error("not proven");
    world.host.state = carriedOut(world.host, result.prepared);
    return result;
  };
  await run({ native: true });
  for (const name of clients) {
    const { publicKey } = makeKeyPair();
    await world.approvals.write("vps", name, formatApproval({ name, expires: null, publicKey }));
  }
  return { run, ca: () => world.lines.kept.get("vps")?.get("docker/ca.pem") ?? "" };
}

test("the CA's fingerprint, who is revoked, and the file that each of the others needs", async () => {
  const { run, ca } = await stage("bob@desk", "eva@desk");
  const result = await run({ newCa: true, revoke: ["bob@desk"] });
  const lines = resultLines(result, createStyle(false));
  const at = lines.indexOf("line vps is up");
  expect(lines.slice(at + 1)).toEqual([
    `the line has a new CA, sha256:${readCertificate(ca()).publicKeyFingerprint}; certificates of the old one no longer work`,
    "revoked: bob@desk",
    "send each of these clients their file, which is no secret:",
    "  eva@desk: /home/vps/reissued/eva@desk.pem",
    "they type, on their machines: tetherdock renew vps --certificate FILE   # with the line's name there",
    "  whoever imported the line, or is not recorded here, needs a new export or invitation",
  ]);
  expect(resultJson(result).reissued).toEqual([
    { name: "eva@desk", path: "/home/vps/reissued/eva@desk.pem" },
  ]);
  const plain = await run({});
  expect(resultLines(plain, createStyle(false)).at(-1)).toBe("line vps is up already: nothing to do");
});

test("nobody is revoked, and nobody needs a file", async () => {
  const { run } = await stage();
  const told = resultLines(await run({ newCa: true }), createStyle(false)).join("\n");
  expect(told).toContain("the line has a new CA");
  expect(told).not.toMatch(/revoked|send each/);
});
