/** A list that two operators have signed, and which did not get into the store: its machine goes on, and so do the others. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { memoryFleets } from "../../../../test/support/fleet/fleet-stage.ts";
import { PROPOSED, sign, trio } from "../../../../test/support/fleet/pair.ts";
import { enrol } from "../../../../test/support/fleet/team.ts";
import { pushFleet } from "../fleet.ts";
import { revokeFleetClient } from "../fleet-clients.ts";
import { fleetStatus } from "../fleet-status.ts";
import { openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { missing } from "../results.ts";
import { dropWaiting } from "./sign.ts";

const push = (who: FleetPorts) => pushFleet(who, undefined);
const namesIn = async (who: FleetPorts) =>
  (await fleetStatus(who, undefined)).fleet.kept.view.list.clients.map(({ name }) => name);

/** Anna lets Dora in, and Ben signs that while the store is full. @param isKilled before anything is brought anywhere */
async function unpublished({ isKilled } = { isKilled: false }) {
  const stage = await trio();
  const { anna, ben, state, host } = stage;
  expect(await failureOf(enrol(anna, "dora"))).toMatchObject(PROPOSED);
  state.isAway = true;
  host("one").isAway = isKilled;
  const publish: typeof ben.fleets.publish = async (...list) => {
    await ben.fleets.publish(...list);
    throw new Error("killed");
  };
  const killed = { ...ben, fleets: { ...ben.fleets, publish } };
  if (isKilled) await expect(sign(killed)).rejects.toThrow("killed");
  else
    expect((await sign(ben)).storeError).toMatchObject({
      code: "FLEET_STORE_FAILED",
      hints: [
        expect.stringMatching(/^tetherdock fleet push --fleet acme {3}# once the store can be written/),
      ],
    });
  state.isAway = false;
  return stage;
}

describe("a list did not get into the store", () => {
  test("what waits stays in the store, and the next push publishes the list and removes it", async () => {
    const { anna, ben, carol, texts } = await unpublished();
    expect(texts.has("web proposal")).toBe(true);
    expect(await failureOf(dropWaiting(ben, undefined))).toMatchObject({
      message: "the change is signed, and hosts may have it already",
      hints: ["tetherdock fleet push --fleet acme"],
    });
    await push(ben);
    expect([texts.has("web proposal"), await ben.fleets.proposal("acme")]).toEqual([false, null]);
    for (const who of [anna, carol]) expect(await namesIn(who)).toEqual(["mallory", "dora"]);
    expect(await dropWaiting(ben, undefined)).toMatchObject({ isOwnBack: false });
  });

  test("others finish the same change: it is one list, and every machine and host goes on with it", async () => {
    const { anna, ben, carol, host } = await unpublished();
    // The host has Ben's, which says the same.
    expect((await sign(carol)).storeError).toBeNull();
    expect(await failureOf(enrol(ben, "eve"))).toMatchObject({
      code: "FLEET_CONFLICT",
      hints: [
        "tetherdock fleet push --fleet acme   # signs the list again, with what either machine has revoked",
      ],
    });
    const pushed = await push(ben);
    expect(missing(pushed.fleet, pushed.hosts)).toBeNull();
    for (const who of [anna, carol]) expect(await namesIn(who)).toEqual(["mallory", "dora"]);
    expect(await failureOf(enrol(ben, "eve"))).toMatchObject(PROPOSED);
    await sign(carol);
    expect(host("one").kept?.list).toContain("eve");
  });

  test("others make another change: this machine takes it over by a push, and revokes what it has revoked", async () => {
    const { anna, ben, carol, told, host, state } = await unpublished({ isKilled: true });
    state.isAway = true;
    const [mallory] = (await revokeFleetClient(ben, undefined, "mallory")).fleet.kept.view.list.revoked;
    state.isAway = false;
    await dropWaiting(anna, undefined);
    expect(await failureOf(enrol(anna, "eve"))).toMatchObject(PROPOSED);
    await sign(carol);
    const conflict = {
      code: "FLEET_CONFLICT",
      why: expect.arrayContaining(["clients only there: eve", "clients only here: dora"]),
      hints: [
        "tetherdock fleet push --fleet acme   # takes the list of the store; what only this machine has is given up: make it again",
      ],
    };
    expect(await failureOf(enrol(ben, "gil"))).toMatchObject(conflict);
    expect((await fleetStatus(ben, undefined)).storeError).toMatchObject(conflict);
    host("one").isAway = false;
    const { fleet, hosts } = await push(ben);
    expect(missing(fleet, hosts)).toBeNull();
    expect(told.slice(-2)).toEqual([
      expect.stringMatching(
        /^took version \d+ from the store, signed by anna@laptop, carol@desk; clients only there: eve; clients only here: dora/,
      ),
      "the change that waited on this machine was for an earlier list; if this one lacks it, make it again",
    ]);
    for (const who of [anna, ben, carol]) expect(await namesIn(who)).toEqual(["mallory", "eve"]);
    for (const who of [anna, ben, carol])
      expect((await openFleet(who, undefined)).kept.view.list.revoked).toEqual([mallory]);
    expect(host("one").kept?.revoked).toContain(mallory);
    expect(await failureOf(enrol(ben, "dora"))).toMatchObject(PROPOSED);
    await sign(anna);
  });

  test("a client whom only this machine's list has is revoked, whatever the store has", async () => {
    const { anna, ben, carol, host } = await unpublished();
    host("one").isAway = true;
    await dropWaiting(anna, undefined);
    expect(await failureOf(enrol(anna, "eve"))).toMatchObject(PROPOSED);
    await sign(carol);
    expect(await namesIn(anna)).toEqual(["mallory", "eve"]);
    host("one").isAway = false;
    const { fleet, hosts } = await revokeFleetClient(ben, undefined, "dora");
    expect(missing(fleet, hosts)).toBeNull();
    expect(fleet.kept.view.list.clients).toContainEqual(
      expect.objectContaining({ name: "dora", state: "revoked" }),
    );
    // The others go on with their own list, above that one, and Ben follows it.
    expect(await failureOf(push(anna))).toMatchObject({
      code: "FLEET_CONFLICT",
      hints: [expect.any(String), expect.stringMatching(/^tetherdock fleet push --force --fleet acme /)],
    });
    expect(await failureOf(pushFleet(anna, undefined, { force: true }))).toMatchObject(PROPOSED);
    const again = await sign(carol);
    expect(missing(again.fleet, again.hosts)).toBeNull();
    for (const who of [anna, ben, carol]) expect(await namesIn(who)).toEqual(["mallory", "eve"]);
    const [dora] = fleet.kept.view.list.revoked;
    expect((await openFleet(ben, undefined)).kept.revoked).toContain(dora);
  });
});

/** The same machine at another time. */
async function copyOf(who: FleetPorts): Promise<FleetPorts> {
  const fleets = memoryFleets();
  await fleets.create(await openFleet(who, undefined));
  return { ...who, fleets };
}

test("a list that was in the store gives way to no other one of its version", async () => {
  const { anna, ben, carol, texts } = await trio();
  const [before, annas, carols] = [texts.get("web") ?? "", await copyOf(anna), await copyOf(carol)];
  expect(await failureOf(enrol(anna, "dora"))).toMatchObject(PROPOSED);
  await sign(ben);
  texts.set("web", before);
  expect(await failureOf(enrol(annas, "eve"))).toMatchObject(PROPOSED);
  await sign(carols);
  expect(await failureOf(push(ben))).toMatchObject({
    code: "FLEET_CONFLICT",
    hints: [expect.stringMatching(/^make another change there, and have it signed, if/), expect.any(String)],
  });
  expect((await openFleet(ben, undefined)).kept.view.list.clients).toContainEqual(
    expect.objectContaining({ name: "dora" }),
  );
});
