/** A store that cannot be read: what other operators have changed there is not known. */
import { expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { at, storeStage } from "../../../../test/support/fleet/store-stage.ts";
import { enrol, team } from "../../../../test/support/fleet/team.ts";
import { joinHosts, leaveFleet, pushFleet } from "../fleet.ts";
import { removeFleetClient, revokeFleetClient, setFleetRole } from "../fleet-clients.ts";
import { missing } from "../results.ts";
import { setStore } from "../set-store.ts";

/** Ben has published a list, which Anna's machine has not seen. */
async function changedByBen() {
  const stage = await team();
  await stage.open();
  await enrol(stage.anna, "carol");
  await setFleetRole(stage.ben, undefined, "carol", "operator");
  stage.state.isUnread = true;
  const told: string[] = [];
  const anna = { ...stage.anna, tell: (text: string) => void told.push(text) };
  const versions = async () => [
    (await anna.fleets.read("acme")).kept.view.version,
    stage.host("one").kept?.timestamp,
  ];
  return { ...stage, anna, told, versions };
}

test("with several operators, a change is refused: it could take the place of another one's", async () => {
  const { anna, versions } = await changedByBen();
  const before = await versions();
  const delivered: unknown[] = [];
  for (const change of [
    () => setFleetRole(anna, undefined, "carol", "deployer"),
    () => removeFleetClient(anna, undefined, "carol"),
    () => enrol(anna, "dora", delivered),
    () => leaveFleet(anna, undefined, "one", { force: false }),
    () => pushFleet(anna, undefined),
  ])
    expect(await failureOf(change())).toMatchObject({
      code: "FLEET_STORE_FAILED",
      message: "the fleet's store cannot be read, so the list was not changed",
      why: [expect.stringMatching("cannot read"), expect.stringMatching("another operator may have")],
      hints: [
        expect.stringMatching("^tetherdock fleet status --fleet acme "),
        expect.stringMatching("^tetherdock fleet push --force --fleet acme "),
        expect.stringMatching("^tetherdock fleet store --help "),
      ],
    });
  expect([await versions(), delivered]).toEqual([before, []]);
});

test("a revocation goes on, and hosts take it, whatever list they have", async () => {
  const { anna, host, told } = await changedByBen();
  await revokeFleetClient(anna, undefined, "carol");
  expect(told.filter((one) => one.startsWith("the store cannot be read"))).toEqual([
    expect.stringMatching(
      /once the store is back, run tetherdock fleet push --fleet acme, which says what to do if /,
    ),
  ]);
  expect((await anna.fleets.read("acme")).kept.revoked).toHaveLength(1);
  expect(host("one").kept).not.toBeNull();
});

test("push --force makes the list of this machine count, and another store is a way out too", async () => {
  const { anna, told, state } = await changedByBen();
  const pushed = await pushFleet(anna, undefined, { force: true });
  expect(missing(pushed.fleet, pushed.hosts)).toBeNull();
  const moved = await setStore(anna, undefined, at("other"));
  expect(moved.fleet.store).toEqual(at("other"));
  expect(told.filter((one) => one.startsWith("the store cannot be read"))).toHaveLength(1);
  state.isUnread = false;
  expect((await setFleetRole(anna, undefined, "carol", "viewer")).storeError).toBeNull();
});

test("one operator alone goes on, and is told what to run later", async () => {
  const { ports, state } = await storeStage("one");
  await joinHosts(ports, undefined, ["one"]);
  await setStore(ports, undefined, at("web"));
  state.isUnread = true;
  const told: string[] = [];
  const { fleet, hosts } = await enrol({ ...ports, tell: (text) => void told.push(text) }, "carol");
  expect(missing(fleet, hosts)).toBeNull();
  expect(new Set(told)).toEqual(
    new Set([
      "the store cannot be read: cannot read the published list; hosts that no line reaches get the change once it is back: tetherdock fleet status --fleet acme says whether it has it, and tetherdock fleet push --fleet acme publishes it again",
    ]),
  );
});

test("a host that has left before the store was lost is told to have left", async () => {
  const { anna, state } = await team();
  const openStore: typeof anna.openStore = async (...place) => {
    const store = await anna.openStore(...place);
    const expel: typeof store.expel = async (host) => {
      state.isUnread = true;
      return store.expel(host);
    };
    return { ...store, expel };
  };
  const error = await failureOf(leaveFleet({ ...anna, openStore }, undefined, "one", { force: false }));
  expect(error).toMatchObject({
    code: "FLEET_STORE_FAILED",
    why: expect.arrayContaining([expect.stringMatching("^one has left: the list still names it")]),
  });
});

test("with other operators, a fleet that is to have no store is warned", async () => {
  const { anna } = await team();
  const told: string[] = [];
  await setStore({ ...anna, tell: (text) => void told.push(text) }, undefined, null);
  expect(told).toContainEqual(
    expect.stringMatching("^warning: the fleet has other operators: without a store"),
  );
});
