/** `join` with a token that has to be approved: what the gateway gets, how long it waits, and what it keeps in the end. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { joinStage, LINE, LINE_CA, type Redeem, signFor } from "../../../test/support/app/joining.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { DAY_MS, HOUR_MS, TetherdockError } from "../../base/index.ts";
import type { JoinAnswer, JoinRequest } from "../../gateway/index.ts";
import { formatToken, isProven, proofKey, shownSecret } from "../../identity/index.ts";
import { keyFingerprint, readCertificate } from "../../pki/index.ts";
import { join } from "./join.ts";
import type { JoinPorts, WaitingRequest } from "./ports.ts";

const SECRET = Buffer.alloc(32, 9);
const TOKEN = formatToken({
  approval: true,
  secret: SECRET,
  caFingerprint: readCertificate(LINE_CA).publicKeyFingerprint,
  address: "vps.example",
  port: 2376,
  line: "vps",
});

const UNTIL = "2027-01-01T00:00:00Z";
const wait: Redeem<JoinAnswer> = async () => ({ waiting: "bob@desk", until: UNTIL });
const letIn: Redeem<JoinAnswer> = async ({ key }) => ({
  ...{ name: "bob@desk", role: "viewer", expires: null },
  certificate: await signFor(key, "bob@desk", undefined, LINE),
});

/** @param answers one after the other; the last one again and again */
function stage(...answers: readonly Redeem<JoinAnswer>[]) {
  let at = 0;
  const made = joinStage<JoinRequest, JoinAnswer>((credential) => {
    const answer = answers[Math.min(at++, answers.length - 1)] ?? wait;
    return answer(credential);
  });
  const told: WaitingRequest[] = [];
  let now = NOW;
  const ports: JoinPorts = {
    ...made.ports,
    clock: () => now,
    onWaiting: (request) => void told.push(request),
    pause: async () => {
      now += HOUR_MS;
    },
  };
  return { ...made, ports, told };
}

test("the gateway never gets the secret; it gets a proof that fits this key, and no other", async () => {
  const { ports, sent, told } = stage(wait, wait, letIn);
  expect(await join(ports, TOKEN)).toMatchObject({ line: "vps", client: "bob@desk" });
  expect(sent).toHaveLength(3);
  const fingerprint = keyFingerprint(sent[0]?.credential.key ?? "");
  for (const { asked, credential } of sent) {
    expect(asked.secret).toBe(shownSecret(SECRET).toString("base64url"));
    expect(JSON.stringify(asked)).not.toContain(SECRET.toString("base64url"));
    expect(keyFingerprint(credential.key)).toBe(fingerprint);
    expect(isProven(proofKey(SECRET), fingerprint, asked.proof ?? "")).toBe(true);
    expect(isProven(proofKey(SECRET), "0".repeat(64), asked.proof ?? "")).toBe(false);
    expect(isProven(shownSecret(SECRET), fingerprint, asked.proof ?? "")).toBe(false);
  }
  expect(told).toEqual([
    { line: "vps", address: "vps.example:2376", client: "bob@desk", fingerprint, until: UNTIL },
  ]);
});

test("a gateway that does not answer while the request waits is asked again", async () => {
  const away = () => Promise.reject(new TetherdockError("JOIN_UNREACHABLE", "the host does not answer"));
  const busy = async () => ({ refused: "the audit log cannot be written", retry: true });
  const { ports, lines } = stage(wait, away, busy, letIn);
  await join(ports, TOKEN);
  expect(await lines.list()).toEqual(["vps"]);
});

test("the next join continues with the same key, and a denied request leaves nothing", async () => {
  const first = stage(wait);
  expect(await failureOf(join(first.ports, TOKEN, { wait: false }))).toMatchObject({
    code: "JOIN_WAITING",
    hints: [expect.stringContaining("tetherdock join --name vps")],
  });
  expect(first.told).toEqual([]);
  expect([...first.lines.staged.keys()]).toEqual(["vps"]);
  expect(await first.lines.list()).toEqual([]);
  await failureOf(join(first.ports, TOKEN, { wait: false }));
  expect(first.sent[1]?.credential.key).toBe(first.sent[0]?.credential.key);

  const denied = stage(wait, async () => ({ refused: "taken back", retry: false }));
  expect(await failureOf(join(denied.ports, TOKEN))).toMatchObject({ code: "JOIN_REFUSED" });
  expect([denied.lines.staged.size, denied.lines.kept.size]).toEqual([0, 0]);
});

test("a gateway that lets it wait for ever does not: after seven days it ends, and keeps the key", async () => {
  const { ports, lines, sent } = stage(wait);
  expect(await failureOf(join(ports, TOKEN))).toMatchObject({ code: "JOIN_WAITING" });
  expect(sent).toHaveLength(1 + (7 * DAY_MS) / HOUR_MS);
  expect(lines.staged.size).toBe(1);
});

test("a certificate that the line's CA has not signed is not kept", async () => {
  const other: Redeem<JoinAnswer> = async ({ key }) => ({
    ...{ name: "bob@desk", role: "viewer", expires: null },
    certificate: await signFor(key, "bob@desk"),
  });
  const { ports, lines } = stage(wait, other);
  expect(await failureOf(join(ports, TOKEN))).toMatchObject({ code: "JOIN_REFUSED" });
  expect(lines.kept.size).toBe(0);
});
