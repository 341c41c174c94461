/** A fleet whose changes two operators have to sign, and whose revocations one of them signs alone. */
import { describe, expect, test, vi } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { PROPOSED, pair, sign, yes } from "../../../../test/support/fleet/pair.ts";
import { enrol } from "../../../../test/support/fleet/team.ts";
import { thresholdOf } from "../../../fleet/index.ts";
import { joinHosts, leaveFleet, pushFleet } from "../fleet.ts";
import { revokeFleetClient, setFleetRole } from "../fleet-clients.ts";
import { openFleet } from "../open-fleet.ts";
import { missing } from "../results.ts";
import { applyFleetRoles } from "../roles/fleet-roles.ts";
import { allNeeded, removeOperator, rotateKey, setThreshold } from "./operators.ts";
import { protectOperator, unprotectOperator } from "./protect-operator.ts";
import { dropWaiting, signWaiting, type Waiting } from "./sign.ts";

describe("a threshold of two", () => {
  test("a change is in force once the other operator has seen and signed it", async () => {
    const { anna, ben, host, texts } = await pair();
    const before = host("one").kept;
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject({
      ...PROPOSED,
      why: expect.arrayContaining([
        "the certificate of carol is written: give it to them once the change is signed",
      ]),
    });
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
    const { anna: quiet, ben, host } = await pair();
    const annaTold: string[] = [];
    const anna = { ...quiet, tell: (text: string) => void annaTold.push(text) };
    expect(await failureOf(leaveFleet(anna, undefined, "one", { force: false }))).toMatchObject({
      ...PROPOSED,
      why: expect.arrayContaining([expect.stringMatching(/^one has left: /)]),
      hints: expect.arrayContaining([expect.stringMatching(/^tetherdock fleet join one --fleet acme /)]),
    });
    expect(host("one").kept).toBeNull();
    // It may come back before that is signed; then it would leave the list later.
    const back = await joinHosts(anna, undefined, ["one"]);
    expect(missing(back.fleet, back.hosts)).toBeNull();
    expect(annaTold.at(-1)).toBe(
      "a change waits for signatures that takes one off the list; tetherdock fleet sign --drop --fleet acme gives it up",
    );
    host("one").kept = null;
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
});
