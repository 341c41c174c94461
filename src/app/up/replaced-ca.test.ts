/** `up --new-ca` in native mode: the CA is replaced at once, and a client is revoked by it (ADR 0032). */
import { expect, test } from "vitest";
import { carriedOut } from "../../../test/support/app/carried-out.ts";
import { failureOf } from "../../../test/support/app/change.ts";
import { alert, letIn, PROVEN } from "../../../test/support/app/fake-outside.ts";
import { keepOnHost, killedAfter } from "../../../test/support/app/killed.ts";
import { upRequest, upWorld } from "../../../test/support/app/up-world.ts";
import { NOW } from "../../../test/support/host-facts.ts";
import { DAY_MS } from "../../base/index.ts";
import { CLIENT_CA, SERVER_CERTIFICATE } from "../../facts/index.ts";
import type { LineFile } from "../../line/index.ts";
import {
  followBundle,
  isClientCertificateFor,
  isIssuedBy,
  makeKeyPair,
  openAuthority,
  readBundle,
  readCertificate,
} from "../../pki/index.ts";
import { formatApproval } from "../approve/index.ts";
import type { UpRequest } from "./request.ts";
import { up } from "./up.ts";

const keyOf = (pem: string) => readCertificate(pem).publicKeyFingerprint;
const [BOB, EVA, DAN] = [makeKeyPair(), makeKeyPair(), makeKeyPair()];
const REVOKE = { newCa: true, revoke: ["bob@desk"] };

async function stage(over: Partial<UpRequest> = {}) {
  const world = upWorld();
  const run = async (more: Partial<UpRequest> = {}) => {
    const result = await up(world.ports, upRequest(more));
    if (result.kind === "proven") world.host.state = carriedOut(world.host, result.prepared);
    return result;
  };
  const file = (name: LineFile) => world.lines.kept.get("vps")?.get(name) ?? "";
  const hostCa = () => world.host.state.ours.files.get(CLIENT_CA)?.text ?? "";
  await run({ native: true, ...over });
  const clients = [
    { name: "bob@desk", publicKey: BOB.publicKey, expires: null },
    { name: "eva@desk", publicKey: EVA.publicKey, expires: new Date(NOW + 30 * DAY_MS).toISOString() },
    { name: "dan@desk", publicKey: DAN.publicKey, expires: new Date(NOW - DAY_MS).toISOString() },
  ];
  for (const one of clients) await world.approvals.write("vps", one.name, formatApproval(one));
  const recorded = async () => (await world.approvals.list("vps")).map((text) => JSON.parse(text).name);
  return { world, run, file, hostCa, recorded, old: file("docker/ca.pem") };
}

test("the plan writes the CA and a certificate, restarts docker, and names who is concerned", async () => {
  const { world, run, hostCa, old, recorded } = await stage();
  const { length } = world.host.ran;
  const { prepared } = await run({ ...REVOKE, dryRun: true });
  expect(prepared.plan.changes.map(({ path }) => path)).toEqual([CLIENT_CA, SERVER_CERTIFICATE]);
  expect(prepared.plan.restart).toBe(true);
  expect(prepared.plan.changes[0]?.reason).toMatch(/revoked: bob@desk; need the new .*: eva@desk$/);
  expect(world.host.ran.slice(length)).not.toContain("open");
  expect([hostCa(), (await recorded()).length]).toEqual([old, 3]);
});

test("the operator's line has the new CA; the others get certificates for their keys, the revoked one none", async () => {
  const { world, run, file, hostCa, old, recorded } = await stage();
  const result = await run(REVOKE);
  const ca = file("docker/ca.pem");
  expect(keyOf(ca)).not.toBe(keyOf(old));
  expect(hostCa()).toBe(ca);
  for (const signed of [file("docker/cert.pem"), world.host.certificate])
    expect(isIssuedBy(signed, ca)).toBe(true);
  await expect(openAuthority({ certificate: ca, privateKey: file("ca/ca-key.pem") })).resolves.toBeDefined();
  expect(file("ca/other-ca.pem")).not.toContain("PRIVATE KEY");
  expect(result).toMatchObject({
    outcome: { reissued: [{ name: "eva@desk", path: "/home/vps/reissued/eva@desk.pem" }] },
  });
  expect([...world.reissued.keys()]).toEqual(["eva@desk"]);
  const sent = world.reissued.get("eva@desk") ?? "";
  const [, own = ""] = /(-----BEGIN[^-]+-----[^-]+-----END[^-]+-----\n)/.exec(sent) ?? [];
  expect(isClientCertificateFor(own, EVA.privateKey)).toBe(true);
  expect(isIssuedBy(own, ca)).toBe(true);
  expect(readCertificate(own).notAfter).toBe(NOW + 30 * DAY_MS);
  expect(readBundle(followBundle(sent.replace(own, ""), old, NOW) ?? "").authorities).toEqual([
    readBundle(ca).authorities[0],
  ]);
  expect(await recorded()).toEqual(["eva@desk", "dan@desk"]);
  expect((await run()).prepared.plan.changes, "a plain up changes nothing").toEqual([]);
  await run({ newCa: true });
  expect(keyOf(hostCa()), "and it can be replaced again").not.toBe(keyOf(ca));
});

test("a clock that was ahead, and is right again, brings the old CA back to no host", async () => {
  const { world, run, file, hostCa } = await stage();
  await up({ ...world.ports, clock: () => NOW + 60_000 }, upRequest(REVOKE)).then((result) => {
    if (result.kind === "proven") world.host.state = carriedOut(world.host, result.prepared);
  });
  expect((await run()).prepared.plan.changes).toEqual([]);
  expect(hostCa()).toBe(file("docker/ca.pem"));
});

test("several are revoked at once; who is left needs no file if access has ended", async () => {
  const { world, run, recorded } = await stage();
  const revoke = ["eva@desk", "bob@desk"];
  const { prepared } = await run({ newCa: true, revoke });
  expect(prepared.plan.changes[0]?.reason).toMatch(
    /revoked: eva@desk, bob@desk; no other client is recorded here$/,
  );
  expect([await recorded(), world.reissued.size]).toEqual([["dan@desk"], 0]);
});

test("a record that cannot be read, or whose key cannot, is counted in the plan and stops nothing", async () => {
  const { world, run } = await stage();
  await world.approvals.write("vps", "max", "{");
  const record = { name: "zoe@desk", publicKey: "no key", expires: null };
  await world.approvals.write("vps", record.name, formatApproval(record));
  const { prepared } = await run(REVOKE);
  expect(prepared.plan.changes[0]?.reason).toMatch(
    /: eva@desk; left out, because their records here cannot be read: 2 clients$/,
  );
  expect([...world.reissued.keys()]).toEqual(["eva@desk"]);
  const again = await run({ newCa: true, revoke: ["zoe@desk"] });
  expect(again.prepared.plan.changes[0]?.reason).toMatch(/^.* revoked: zoe@desk; .* read: 1 client$/);
});

test("it is proven that certificates of the old CA do not get in; if they do, all is undone", async () => {
  const { world, run, file, hostCa, old, recorded } = await stage();
  const before = [hostCa(), file("docker/ca.pem"), file("ca/ca-key.pem"), file("docker/cert.pem")];
  const { probe } = world.ports.outside;
  let former = 0;
  const outside = {
    ...world.ports.outside,
    resolve: world.outside.resolve,
    probe: ((request) => {
      const { credential } = request;
      const pem = credential.kind === "tls" ? (credential.identity?.certPem ?? null) : null;
      if (pem === null || !isIssuedBy(pem, old) || keyOf(pem) === keyOf(file("docker/cert.pem")))
        return probe(request);
      former += 1;
      return Promise.resolve(letIn(world.host.certificate));
    }) as typeof probe,
  };
  const error = await failureOf(up({ ...world.ports, outside }, upRequest(REVOKE)));
  expect(error).toMatchObject({
    ...{ code: "NOT_PROVEN", message: expect.stringContaining("of the CA that was replaced") },
  });
  expect(former).toBeGreaterThan(0);
  expect(world.host.ran).toContain("undo");
  expect([hostCa(), file("docker/ca.pem"), file("ca/ca-key.pem"), file("docker/cert.pem")]).toEqual(before);
  expect([await recorded(), world.reissued.size]).toEqual([["bob@desk", "eva@desk", "dan@desk"], 0]);
  expect((await run()).prepared.plan.changes).toEqual([]);
  world.outside.table = { ...PROVEN, line: alert };
  await failureOf(run(REVOKE));
  expect([hostCa(), file("docker/ca.pem")]).toEqual(before.slice(0, 2));
});

test("nobody is known by that name; the second step of a gateway does not exist", async () => {
  const { run } = await stage();
  const error = await failureOf(run({ newCa: true, revoke: ["max@desk"] }));
  expect(error).toMatchObject({ code: "CLIENT_UNKNOWN", why: ["it knows bob@desk, eva@desk, dan@desk"] });
  expect(error.hints[0]).toMatch(/^tetherdock up core@vps --new-ca {3}# ends every certificate/);
  expect(await failureOf(run({ finishNewCa: true }))).toMatchObject({
    ...{ code: "NEW_CA_REFUSED", message: "in native mode a CA is replaced at once" },
    hints: ["tetherdock up core@vps --new-ca"],
  });
});

test("an encrypted key's next one is encrypted too, and a dry run opens neither", async () => {
  const { world, run, file } = await stage({ encryptCaKey: true });
  const { passphrase } = world.ports.questions;
  world.ports.questions.passphrase = () => Promise.reject(new Error("asked"));
  expect((await run({ ...REVOKE, dryRun: true })).prepared.plan.restart).toBe(true);
  world.ports.questions.passphrase = passphrase;
  await run(REVOKE);
  expect(file("ca/ca-key.pem")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
});

test.each([{}, REVOKE])(
  "killed at any write here, up with %j ends it, without a second restart",
  async (again) => {
    let ended = 0;
    for (let writes = 0; ; writes += 1) {
      const { world, run, file, hostCa, recorded, old } = await stage();
      const { isKilled, isConfirmed } = await killedAfter(writes, world, () => run(REVOKE));
      if (!isKilled) break;
      if (isConfirmed) {
        const [next = ""] = readBundle(
          keyOf(file("docker/ca.pem")) === keyOf(old) ? file("ca/other-ca.pem") : file("docker/ca.pem"),
        ).authorities;
        keepOnHost(world, next);
        const other = await failureOf(run({ newCa: true, revoke: ["eva@desk"] }));
        expect(other, `after ${writes} writes`).toMatchObject({
          ...{ code: "NEW_CA_REFUSED", message: "an earlier replacement of the CA was interrupted" },
          why: ["it revoked bob@desk"],
          hints: [expect.stringMatching(/^tetherdock up core@vps {3}# ends it/)],
        });
      }
      const { prepared } = await run(again);
      expect(prepared.plan.restart, `after ${writes} writes`).toBe(!isConfirmed && "newCa" in again);
      await expect(
        openAuthority({ certificate: file("docker/ca.pem"), privateKey: file("ca/ca-key.pem") }),
      ).resolves.toBeDefined();
      expect(keyOf(file("docker/ca.pem"))).toBe(keyOf(hostCa()));
      expect(isIssuedBy(file("docker/cert.pem"), file("docker/ca.pem"))).toBe(true);
      const isDone = isConfirmed || "newCa" in again;
      expect(await recorded()).toEqual([...(isDone ? [] : ["bob@desk"]), "eva@desk", "dan@desk"]);
      expect(world.reissued.size).toBe(isDone ? 1 : 0);
      if (isConfirmed) ended += 1;
    }
    expect(ended).toBeGreaterThan(4);
  },
);

test("a key that was approved by two names is revoked by both, wherever it is killed", async () => {
  for (let writes = 0, isKilled = true; isKilled; writes += 1) {
    const { world, run, file, recorded, old } = await stage();
    const twin = { name: "bbo@desk", publicKey: BOB.publicKey, expires: null };
    await world.approvals.write("vps", twin.name, formatApproval(twin));
    const { prepared } = await run({ ...REVOKE, dryRun: true });
    expect(prepared.plan.changes[0]?.reason).toMatch(
      /revoked: bob@desk; with the same key, also revoked: bbo@desk; need the new .*: eva@desk$/,
    );
    const ended = await killedAfter(writes, world, () => run(REVOKE));
    isKilled = ended.isKilled;
    const kept = keyOf(file("docker/ca.pem")) === keyOf(old) ? "ca/other-ca.pem" : "docker/ca.pem";
    if (isKilled && ended.isConfirmed) keepOnHost(world, readBundle(file(kept)).authorities[0] ?? "");
    if (isKilled) await run(REVOKE);
    expect([...world.reissued.keys()], `after ${writes} writes`).toEqual(["eva@desk"]);
    expect(await recorded()).toEqual(["eva@desk", "dan@desk"]);
  }
});
