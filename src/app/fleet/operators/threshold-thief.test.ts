/** What a thief with one of two operators' keys does, and what the others do then. */
import { createPrivateKey } from "node:crypto";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { memoryFleets } from "../../../../test/support/fleet/fleet-stage.ts";
import { PROPOSED, pair, sign } from "../../../../test/support/fleet/pair.ts";
import { enrol } from "../../../../test/support/fleet/team.ts";
import { DAY_MS } from "../../../base/index.ts";
import {
  addClient,
  draftList,
  finishDocuments,
  formatPublication,
  judgeDraft,
  sameList,
  signProposal,
  verifyDocuments,
} from "../../../fleet/index.ts";
import { pushFleet } from "../fleet.ts";
import { revokeFleetClient } from "../fleet-clients.ts";
import { takeNewest } from "../newest-list.ts";
import { listToChange, openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { missing } from "../results.ts";

describe("a thief with one of two keys", () => {
  test("takes no revocation back, and is told; a push revokes again", async () => {
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
    await pushFleet(anna, undefined);
    const { kept } = await takeNewest(ben, await openFleet(ben, undefined));
    expect(kept.view.list.clients).toMatchObject([{ name: "mallory", state: "revoked" }]);
  });

  test("makes keys up: they are no conflict later, and no other operator signs them", async () => {
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

  test("ends the list early; one operator alone publishes it again, to its end", async () => {
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
