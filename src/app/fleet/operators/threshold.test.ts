/** A fleet whose changes two operators have to sign, and whose revocations one of them signs alone. */
import { createPrivateKey } from "node:crypto";
import { describe, expect, test, vi } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { memoryFleets } from "../../../../test/support/fleet/fleet-stage.ts";
import { enrol, team } from "../../../../test/support/fleet/team.ts";
import { DAY_MS } from "../../../base/index.ts";
import {
  addClient,
  draftList,
  finishDocuments,
  formatPublication,
  judgeDraft,
  sameList,
  signProposal,
  thresholdOf,
  verifyDocuments,
} from "../../../fleet/index.ts";
import { joinHosts, leaveFleet, pushFleet } from "../fleet.ts";
import { revokeFleetClient, setFleetRole } from "../fleet-clients.ts";
import { listToChange, openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { missing } from "../results.ts";
import { applyFleetRoles } from "../roles/fleet-roles.ts";
import { allNeeded, removeOperator, rotateKey, setThreshold } from "./operators.ts";
import { protectOperator, unprotectOperator } from "./protect-operator.ts";
import { dropWaiting, signWaiting, type Waiting } from "./sign.ts";

const yes = async () => true;
const sign = async (ports: FleetPorts, agrees: Parameters<typeof signWaiting>[2] = yes) =>
  (await signWaiting(ports, undefined, agrees)) ?? expect.fail("not signed");
const PROPOSED = { code: "FLEET_PROPOSED" };

/** Both operators are needed. */
async function pair() {
  const stage = await team();
  const { anna, ben, open } = stage;
  await open();
  await enrol(anna, "mallory");
  expect(await failureOf(setThreshold(anna, undefined, 2))).toMatchObject({
    ...PROPOSED,
    message: "the change waits for 1 more signature",
    why: ["signed by anna@laptop; no host has it yet", "these can sign too: ben@desk"],
    hints: [expect.stringMatching(/^tetherdock fleet sign --fleet acme /), expect.any(String)],
  });
  const signed = await sign(ben);
  expect(missing(signed.fleet, signed.hosts)).toBeNull();
  const listOf = async (who: FleetPorts) => (await openFleet(who, undefined)).kept.view.list;
  return { ...stage, signed, listOf };
}

describe("a threshold of two", () => {
  test("a change is in force once the other operator has seen and signed it", async () => {
    const { anna, ben, host, texts } = await pair();
    const before = host("one").kept;
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject(PROPOSED);
    expect(host("one").kept).toEqual(before);
    let seen: Waiting | null = null;
    const signed = await sign(ben, async (waiting) => {
      seen = waiting;
      return true;
    });
    expect(seen).toMatchObject({
      differences: [
        { what: "client", name: "carol", before: null, after: expect.stringContaining("viewer, active") },
      ],
    });
    expect(missing(signed.fleet, signed.hosts)).toBeNull();
    expect(host("one").kept?.timestamp).toBe(signed.fleet.kept.documents.timestamp);
    expect(thresholdOf(signed.fleet.kept.documents)).toBe(2);
    expect(texts.has("web proposal")).toBe(false);
    const { fleet } = await pushFleet(anna, undefined);
    expect(fleet.kept.view.list.clients.map(({ name }) => name)).toEqual(["mallory", "carol"]);
    expect(await failureOf(sign(ben))).toMatchObject({ code: "FLEET_REFUSED" });
  });

  test("a role is in force once the other operator has seen its file and signed it", async () => {
    const { anna, ben, host, listOf } = await pair();
    const before = host("one").kept;
    const file = JSON.stringify({ version: 1, name: "web-team", extends: "deployer" });
    const ports = { ...anna, readText: async () => file };
    expect(await failureOf(applyFleetRoles(ports, undefined, ["web.yaml"], yes))).toMatchObject(PROPOSED);
    expect(host("one").kept).toEqual(before);
    const agrees = vi.fn(yes);
    await sign(ben, agrees);
    expect(agrees).toHaveBeenCalledWith(
      expect.objectContaining({
        differences: expect.arrayContaining([
          { what: "role", name: 'web-team "extends"', before: null, after: '"deployer"' },
        ]),
      }),
    );
    expect(host("one").kept).not.toEqual(before);
    expect((await listOf(ben)).roles).toEqual([JSON.parse(file)]);
  });

  test("who does not agree signs nothing; the change can be dropped", async () => {
    const { anna, ben, texts } = await pair();
    expect(await failureOf(setFleetRole(anna, undefined, "mallory", "operator"))).toMatchObject(PROPOSED);
    const before = texts.get("web proposal");
    expect(await signWaiting(ben, undefined, async () => false)).toBeNull();
    expect(texts.get("web proposal")).toBe(before);
    expect(await failureOf(enrol(ben, "carol"))).toMatchObject({
      message: "another change waits for signatures",
    });
    await dropWaiting(ben, undefined);
    await dropWaiting(anna, undefined);
    expect(await failureOf(enrol(ben, "carol"))).toMatchObject(PROPOSED);
  });

  test("who drops a change that has taken the place of their own finds their own waiting again", async () => {
    const { anna, ben, texts, listOf } = await pair();
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject(PROPOSED);
    texts.delete("web proposal");
    expect(await failureOf(enrol(ben, "eve"))).toMatchObject(PROPOSED);
    expect(await dropWaiting(anna, undefined)).toMatchObject({ isOwnBack: true });
    await sign(ben);
    expect((await listOf(ben)).clients.map(({ name }) => name)).toEqual(["mallory", "carol"]);
    // With another signature it is the same change.
    expect(await failureOf(enrol(anna, "dora"))).toMatchObject(PROPOSED);
    texts.set("web proposal", (texts.get("web proposal") ?? "").replace(/\n$/, " \n"));
    expect(await dropWaiting(anna, undefined)).toMatchObject({ isOwnBack: false });
    expect([texts.has("web proposal"), await anna.fleets.proposal("acme")]).toEqual([false, null]);
  });

  test("who would need all operators is told that one lost key ends all changes", async () => {
    const { anna, told, ben } = await pair();
    const all = expect.stringMatching(/all 2 operators have to sign: once one of the keys is lost/);
    expect(await failureOf(setThreshold(anna, undefined, 1))).toMatchObject(PROPOSED);
    await sign(ben);
    told.length = 0;
    expect(await failureOf(setThreshold(ben, undefined, 2))).toMatchObject(PROPOSED);
    expect(told).toContainEqual(all);
    expect([allNeeded(2, 2), allNeeded(3, 2), allNeeded(1, 1)]).toEqual([all, null, null]);
  });

  test("one operator revokes at once; the change that waits is still good, and does not undo it", async () => {
    const { anna, ben, host, listOf } = await pair();
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject(PROPOSED);
    const { fleet, hosts } = await revokeFleetClient(ben, undefined, "mallory");
    expect(missing(fleet, hosts)).toBeNull();
    const [key] = (await listOf(ben)).revoked;
    expect(host("one").kept?.revoked).toContain(key);
    const signed = await sign(ben);
    expect(missing(signed.fleet, signed.hosts)).toBeNull();
    expect(signed.fleet.kept.view.list).toMatchObject({
      clients: [
        { name: "mallory", state: "revoked" },
        { name: "carol", state: "active" },
      ],
      revoked: [key],
    });
    // The next list that both sign has it.
    expect(await failureOf(setFleetRole(ben, undefined, "carol", "operator"))).toMatchObject(PROPOSED);
    await sign(anna);
    expect(JSON.parse(host("one").kept?.list ?? "")).toMatchObject({ revoked: [key] });
    expect(JSON.parse(host("one").kept?.revoked ?? "")).toMatchObject({ revoked: [] });
  });

  test("a change of a list that is no longer the newest is refused", async () => {
    const { anna, ben, texts } = await pair();
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject(PROPOSED);
    const old = texts.get("web proposal") ?? "";
    await dropWaiting(anna, undefined);
    expect(await failureOf(enrol(anna, "dora"))).toMatchObject(PROPOSED);
    await sign(ben);
    texts.set("web proposal", old);
    expect(await failureOf(sign(ben))).toMatchObject({
      code: "FLEET_REFUSED",
      why: ["it changes a list that is not the newest"],
    });
  });

  test("hosts join and leave, with the other operator's signature", async () => {
    const { anna, ben, host } = await pair();
    expect(await failureOf(leaveFleet(anna, undefined, "one", { force: false }))).toMatchObject({
      ...PROPOSED,
      why: expect.arrayContaining([expect.stringMatching(/^one has left: /)]),
      hints: expect.arrayContaining([expect.stringMatching(/^tetherdock fleet join one --fleet acme /)]),
    });
    expect(host("one").kept).toBeNull();
    await sign(ben);
    expect(await failureOf(joinHosts(anna, undefined, ["one"]))).toMatchObject(PROPOSED);
    await sign(ben);
    expect(host("one").kept).toBeNull();
    const { fleet, hosts } = await joinHosts(anna, undefined, ["one"]);
    expect(missing(fleet, hosts)).toBeNull();
  });

  test("a key is replaced; an operator goes only where enough are left", async () => {
    const { anna, ben } = await pair();
    expect(await failureOf(removeOperator(anna, undefined, "ben@desk", { force: false }))).toMatchObject({
      message: "a list needs the signatures of 2 operators, and 1 would be left",
      hints: ["tetherdock fleet operator threshold 1 --fleet acme"],
    });
    expect(await failureOf(rotateKey(ben, undefined))).toMatchObject(PROPOSED);
    expect(await failureOf(rotateKey(ben, undefined))).toMatchObject({ code: "FLEET_REFUSED" });
    const rotated = await sign(anna);
    expect(missing(rotated.fleet, rotated.hosts)).toBeNull();
    expect(await failureOf(setThreshold(anna, undefined, 1))).toMatchObject(PROPOSED);
  });

  test("a key that is replaced while its operator is away signs the next change; encrypted in between, it is kept", async () => {
    const { anna, ben: plain } = await pair();
    const typed = async () => "correct horse";
    const ben = { ...plain, passphrase: typed, newPassphrase: typed };
    expect(await failureOf(rotateKey(ben, undefined))).toMatchObject(PROPOSED);
    expect(await protectOperator(ben, undefined)).toMatchObject({ changed: true });
    const { operatorKey, nextKey = expect.fail("the new key is lost") } = await openFleet(ben, undefined);
    for (const key of [operatorKey, nextKey]) expect(key).toMatch(/^-----BEGIN PUBLIC KEY.+ENCRYPTED/s);
    expect(await unprotectOperator(ben, undefined)).toMatchObject({ changed: true });
    await sign(anna);
    expect(await failureOf(enrol(ben, "carol"))).toMatchObject(PROPOSED);
    expect(await protectOperator(ben, undefined)).toMatchObject({ changed: true });
    await sign(anna);
    expect((await openFleet(ben, undefined)).nextKey).toBeUndefined();
  });

  test("more than there are operators are refused, and what is so already", async () => {
    const { anna } = await pair();
    for (const [threshold, text] of [
      [3, "the fleet has 2 operators"],
      [2, "a list needs 2 signatures already"],
    ] as const)
      expect(await failureOf(setThreshold(anna, undefined, threshold))).toMatchObject({
        code: "FLEET_REFUSED",
        message: text,
      });
  });

  test("it is one again: one operator changes the list alone", async () => {
    const { anna, ben } = await pair();
    expect(await failureOf(setThreshold(anna, undefined, 1))).toMatchObject(PROPOSED);
    await sign(ben);
    const { fleet, hosts } = await enrol(anna, "carol");
    expect(missing(fleet, hosts)).toBeNull();
  });

  test("a thief with one key and the store takes no revocation back, and is told", async () => {
    const { anna, ben, texts } = await pair();
    const before = texts.get("web") ?? "";
    await revokeFleetClient(anna, undefined, "mallory");
    const own = await openFleet(anna, undefined);
    // Ben's key signs a newer snapshot of the same list, without what Anna has revoked.
    const stale = await openFleet(ben, undefined);
    const key = createPrivateKey(stale.operatorKey);
    const signing = { key, now: Date.now(), validMs: DAY_MS, rootMs: DAY_MS, above: own.kept.view.version };
    const forged = finishDocuments(stale.kept, sameList(stale.kept.documents), [], signing);
    expect(before).not.toBe(formatPublication(forged));
    texts.set("web", formatPublication(forged));
    const after = await openFleet(anna, undefined);
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject({ code: "FLEET_CONFLICT" });
    expect((await openFleet(anna, undefined)).kept).toEqual(after.kept);
  });

  test("a thief's made-up keys are no conflict later, and no other operator signs them", async () => {
    const { anna, ben, texts, host } = await pair();
    const { kept, operatorKey } = await openFleet(ben, undefined);
    const signing = { key: createPrivateKey(operatorKey), now: Date.now(), validMs: DAY_MS, rootMs: DAY_MS };
    const keys = Array.from({ length: 5_000 }, (_, at) => `${at}`.padStart(64, "0"));
    texts.set("web", formatPublication(finishDocuments(kept, sameList(kept.documents), keys, signing)));
    const { fleet, hosts } = await revokeFleetClient(anna, undefined, "mallory");
    expect(missing(fleet, hosts)).toBeNull();
    expect(fleet.kept.revoked).toHaveLength(1);
    expect(JSON.parse(host("one").kept?.revoked ?? "")).toMatchObject({ revoked: fleet.kept.revoked });
  });

  test("a key that was revoked comes back on no list of a machine that has seen it, whoever left it out", async () => {
    const { anna, ben, listOf } = await pair();
    const [mallory = expect.fail()] = (await listOf(anna)).clients;
    await revokeFleetClient(anna, undefined, "mallory");
    // Both sign a list without the client and the key.
    const { kept, ...fleet } = await openFleet(anna, undefined);
    const list = { ...kept.view.list, clients: [], revoked: [] };
    const now = Date.now();
    const signing = { now, validMs: DAY_MS, rootMs: 730 * DAY_MS };
    const keys = [fleet, await openFleet(ben, undefined)].map((one) => createPrivateKey(one.operatorKey));
    const [annas = expect.fail(), bens = expect.fail()] = keys;
    const judged = judgeDraft(kept, draftList(kept, list, { ...signing, key: annas }), now);
    const draft = "value" in judged ? signProposal(judged.value, bens) : expect.fail(judged.refused);
    const documents = finishDocuments(kept, draft, [], { ...signing, key: bens });
    const next = await verifyDocuments(kept.documents, documents);
    if ("refused" in next) return expect.fail(next.refused);
    await anna.fleets.publish("acme", { ...next, revoked: kept.revoked });
    expect((await listOf(anna)).revoked).toEqual([]);
    expect(addClient(listToChange((await openFleet(anna, undefined)).kept), mallory)).toMatchObject({
      refused: "revoked-key",
    });
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject(PROPOSED);
    const waits = JSON.parse((await anna.fleets.proposal("acme")) ?? "") as { list: string };
    expect(JSON.parse(waits.list)).toMatchObject({ revoked: [mallory.fingerprint] });
  });

  test("nor beside a list that both have signed: the next operator who publishes revokes again", async () => {
    const { anna, ben, texts, host } = await pair();
    const stolen = createPrivateKey((await openFleet(ben, undefined)).operatorKey);
    expect(await failureOf(enrol(ben, "carol"))).toMatchObject(PROPOSED);
    const { fleet } = await revokeFleetClient(anna, undefined, "mallory");
    const [key] = fleet.kept.view.list.revoked;
    const other: FleetPorts = { ...anna, fleets: memoryFleets() };
    await other.fleets.create(fleet);
    const { kept } = (await sign(anna)).fleet;
    const signing = { key: stolen, now: Date.now(), validMs: 90 * DAY_MS, rootMs: DAY_MS };
    texts.set("web", formatPublication(finishDocuments(kept, sameList(kept.documents), [], signing)));
    const pushed = await pushFleet(other, undefined);
    expect(pushed.fleet.kept.view.list.clients).toContainEqual(expect.objectContaining({ name: "carol" }));
    expect(JSON.parse(host("one").kept?.revoked ?? "")).toMatchObject({ revoked: [key] });
  });

  test("a thief with one key ends the list early; one operator alone publishes it again, to its end", async () => {
    const { anna, ben, host, texts, signed } = await pair();
    const { operatorKey } = await openFleet(ben, undefined);
    const signing = { key: createPrivateKey(operatorKey), now: Date.now(), validMs: DAY_MS, rootMs: DAY_MS };
    const { kept } = signed.fleet;
    texts.set("web", formatPublication(finishDocuments(kept, sameList(kept.documents), [], signing)));
    const { fleet, hosts } = await pushFleet(anna, undefined);
    expect(missing(fleet, hosts)).toBeNull();
    expect(fleet.kept.view.until).toBe(kept.view.until);
    expect(host("one").kept?.timestamp).toBe(fleet.kept.documents.timestamp);
  });
});
