/** `renew --certificate`: only what the CA that is trusted here leads to, for this machine's key, that works. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { MemoryContexts } from "../../../test/support/app/memory-contexts.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { DAY_MS } from "../../base/index.ts";
import type { EngineVersionResult } from "../../engine/index.ts";
import type { Line } from "../../line/index.ts";
import { crossCertify, issueClient, makeAuthority, makeKeyPair, openAuthority } from "../../pki/index.ts";
import { takeCertificate } from "./take-certificate.ts";

const made = async (subject: string) =>
  openAuthority(await makeAuthority({ subject, now: NOW - 9 * DAY_MS }));
const [old, next, thief] = [await made("old"), await made("next"), await made("next")];
const cross = await crossCertify(old, next.certificate);
const EVA = makeKeyPair();
const issue = (by: typeof old, publicKey = EVA.publicKey, until = NOW + DAY_MS) =>
  issueClient(by, { publicKey, commonName: "eva@desk", now: NOW - DAY_MS, until });
const before = await issue(old);
const sent = await issue(next);

function stage(over: Partial<Line> = {}, works = true) {
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "vps", mode: "native", target: null, joined: true, ...over }), {
    ...{ "docker/ca.pem": old.certificate, "docker/cert.pem": before, "docker/key.pem": EVA.privateKey },
  });
  const asked: string[] = [];
  const ports = {
    ...{ lines, clock: () => NOW, contexts: async () => new MemoryContexts() },
    async askEngine(...[, credential]: [unknown, { readonly kind: string; readonly caPem?: string }]) {
      asked.push(credential.caPem ?? "");
      const seen = { kind: "unreachable", cause: "refused", detail: "" };
      return (works ? { ok: true } : { ok: false, seen }) as unknown as EngineVersionResult;
    },
  };
  const file = (path: "docker/ca.pem" | "docker/cert.pem") => lines.kept.get("vps")?.get(path);
  return { take: (text: string) => takeCertificate(ports, "vps", text), lines, file, asked };
}

test("the new CA and the certificate replace the old ones, and the same again is no mistake", async () => {
  const { take, file, asked } = stage();
  const taken = await take(sent + next.certificate + cross);
  expect(taken).toMatchObject({
    line: "vps",
    until: NOW + DAY_MS,
    ca: { key: next.facts.publicKeyFingerprint },
  });
  expect([file("docker/ca.pem"), file("docker/cert.pem")]).toEqual([next.certificate, sent]);
  expect(asked).toEqual([next.certificate]);
  expect(await take(sent + next.certificate + cross)).toMatchObject({ ca: null });
});

test("killed between the two files, it ends when it is typed again", async () => {
  const { take, file, lines } = stage();
  let left = 1;
  lines.onWrite = () => {
    if (left-- <= 0) throw new Error("killed");
  };
  await expect(take(sent + next.certificate + cross)).rejects.toThrow("killed");
  expect([file("docker/ca.pem"), file("docker/cert.pem")]).toEqual([next.certificate, before]);
  lines.onWrite = () => {};
  await take(sent + next.certificate + cross);
  expect(file("docker/cert.pem")).toBe(sent);
});

test.each<[string, () => Promise<string> | string, RegExp]>([
  ["nothing", () => "x", /no certificates/],
  ["too much", () => sent + "\n".repeat(70_000), /no certificates/],
  ["nine certificates", () => sent.repeat(9), /no certificates/],
  [
    "one for another key",
    async () => (await issue(next, makeKeyPair().publicKey)) + next.certificate + cross,
    /this machine's key/,
  ],
  ["no certification by the old CA", () => sent + next.certificate, /not certified/],
  [
    "another CA of the same name",
    async () => (await issue(thief)) + thief.certificate + cross,
    /not certified/,
  ],
  [
    "a CA that certifies itself",
    async () => (await issue(thief)) + thief.certificate + (await crossCertify(thief, thief.certificate)),
    /not certified/,
  ],
  [
    "one that has expired",
    async () => (await issue(next, EVA.publicKey, NOW - 1_000)) + next.certificate + cross,
    /expired/,
  ],
])("%s is refused, and nothing changes", async (_what, text, why) => {
  const { take, file, asked } = stage();
  const error = await failureOf(take(await text()));
  expect(error).toMatchObject({ code: "RENEW_REFUSED" });
  expect(error.why.join()).toMatch(why);
  expect([file("docker/ca.pem"), file("docker/cert.pem"), asked]).toEqual([old.certificate, before, []]);
});

test("what does not work at the host is not kept", async () => {
  const { take, file } = stage({}, false);
  expect(await failureOf(take(sent + next.certificate + cross))).toMatchObject({
    ...{ code: "RENEW_REFUSED", message: expect.stringContaining("does not work at") },
  });
  expect([file("docker/ca.pem"), file("docker/cert.pem")]).toEqual([old.certificate, before]);
});

test("a client of a fleet takes what its operator has sent, if it is for its key and the host lets it in", async () => {
  const fleets = await made("fleet");
  const first = await issue(fleets);
  const later = await issue(fleets, EVA.publicKey, NOW + 9 * DAY_MS);
  for (const works of [false, true]) {
    const { take, file, lines } = stage({ mode: "gateway" }, works);
    lines.kept.get("vps")?.set("docker/cert.pem", first);
    const other = await issue(fleets, makeKeyPair().publicKey);
    expect(await failureOf(take(other))).toMatchObject({
      why: [expect.stringMatching(/this machine's key/)],
      hints: [expect.stringContaining("tetherdock fleet client renew")],
    });
    if (works) expect(await take(later)).toMatchObject({ until: NOW + 9 * DAY_MS, ca: null });
    else expect(await failureOf(take(later))).toMatchObject({ code: "RENEW_REFUSED" });
    expect([file("docker/ca.pem"), file("docker/cert.pem")]).toEqual([
      old.certificate,
      works ? later : first,
    ]);
  }
});

test.each([{ mode: "gateway" }, { joined: undefined as unknown as true, target: "core@vps" }] as const)(
  "a line that renews itself takes none: %j",
  async (over) => {
    const error = await failureOf(stage(over as Partial<Line>).take(sent));
    expect(error).toMatchObject({ code: "RENEW_REFUSED", hints: ["tetherdock renew vps"] });
  },
);
