/** The key of one of several operators is stolen, or replaced. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { memoryFleets } from "../../../../test/support/fleet/fleet-stage.ts";
import { at } from "../../../../test/support/fleet/store-stage.ts";
import { enrol, team } from "../../../../test/support/fleet/team.ts";
import { operatorsOf, readRoot } from "../../../fleet/index.ts";
import { bringList } from "../bring-list.ts";
import { pushFleet } from "../fleet.ts";
import { fleetStatus } from "../fleet-status.ts";
import { openFleet, publish } from "../open-fleet.ts";
import { missing } from "../results.ts";
import { fleetOperators, removeOperator, rotateKey } from "./operators.ts";

describe("a key that was stolen", () => {
  test("is removed by another operator; hosts and the other machines refuse what it signs", async () => {
    const { anna, ben, host, open, versionIn } = await team();
    await open();
    const stolen = { ...(await ben.fleets.read("acme")), store: { ...at("web"), settings: "the thief's" } };
    const removed = await removeOperator(anna, undefined, "ben@desk", { force: false });
    expect(missing(removed.fleet, removed.hosts)).toBeNull();
    expect(operatorsOf(removed.fleet.kept.documents).map(({ name }) => name)).toEqual(["anna@laptop"]);
    expect(await failureOf(enrol(ben, "mallory"))).toMatchObject({
      code: "FLEET_REFUSED",
      message: "the key of this machine is no longer an operator's",
    });
    const { timestamp } = removed.fleet.kept.documents;
    const thief = { ...ben, fleets: memoryFleets() };
    await thief.fleets.create(stolen);
    const { fleet, hosts } = await enrol(thief, "mallory");
    expect(fleet.kept.view.version).toBe(removed.fleet.kept.view.version);
    expect(missing(fleet, hosts)?.why).toEqual([expect.stringContaining("signed by 0/1 keys")]);
    expect(host("one").kept?.timestamp).toBe(timestamp);
    expect(await versionIn("web")).toBe(removed.fleet.kept.view.version);
  });

  test("with --force, what the thief has published is gone", async () => {
    const { anna, ben, open, host } = await team();
    await open();
    await enrol(ben, "mallory");
    const { fleet, hosts } = await removeOperator(anna, undefined, "ben@desk", { force: true });
    expect(missing(fleet, hosts)).toBeNull();
    expect(fleet.kept.view.list.clients).toEqual([]);
    expect(host("one").kept?.timestamp).toBe(fleet.kept.documents.timestamp);
  });

  test("whose thief signs the highest version stops nobody: it is a conflict, until the key is removed", async () => {
    const { anna, ben, open, host } = await team();
    await open();
    const thiefs = await openFleet(ben, undefined);
    const { list } = thiefs.kept.view;
    await bringList(ben, await publish(ben, thiefs, { list }, { above: 999_999_998 }));
    const before = (await openFleet(anna, undefined)).kept.view.version;
    const told = {
      code: "FLEET_CONFLICT",
      why: [expect.stringMatching(/^the store has version 999999999, and this machine version \d+$/)],
      hints: [
        "tetherdock fleet operator ls --fleet acme",
        expect.stringMatching(/^tetherdock fleet operator rm NAME --force --fleet acme /),
      ],
    };
    expect((await fleetStatus(anna, undefined)).storeError).toMatchObject(told);
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject(told);
    expect((await openFleet(anna, undefined)).kept.view.version).toBe(before);
    const { fleet, hosts } = await removeOperator(anna, undefined, "ben@desk", { force: true });
    expect(missing(fleet, hosts)).toBeNull();
    expect(host("one").kept?.timestamp).toBe(fleet.kept.documents.timestamp);
    expect((await enrol(anna, "carol")).fleet.kept.view.version).toBe(before + 2);
  });

  test("is replaced on its own machine, also if that is the only operator's", async () => {
    const { anna, ben, open, host } = await team();
    await open();
    const { own } = await fleetOperators(ben, undefined);
    const { fleet, hosts } = await rotateKey(ben, undefined);
    expect(missing(fleet, hosts)).toBeNull();
    expect((await fleetOperators(ben, undefined)).own).not.toBe(own);
    await enrol(ben, "carol");
    await enrol(anna, "dora");
    await removeOperator(anna, undefined, "ben@desk", { force: false });
    await rotateKey(anna, undefined);
    await pushFleet(anna, undefined);
    const root = readRoot(host("one").kept?.roots.at(-1) ?? "");
    expect([root.version, Object.keys(root.keys).length]).toEqual([5, 1]);
  });

  test("nobody removes their own key, nor one that is not there", async () => {
    const { anna } = await team();
    expect(await failureOf(removeOperator(anna, undefined, "anna@laptop", { force: false }))).toMatchObject({
      code: "FLEET_REFUSED",
      hints: [expect.stringContaining("tetherdock fleet operator rotate"), expect.any(String)],
    });
    for (const wanted of ["nobody", "", "0000000000000000"])
      expect(await failureOf(removeOperator(anna, undefined, wanted, { force: true }))).toMatchObject({
        code: "FLEET_REFUSED",
        hints: ["tetherdock fleet operator ls --fleet acme"],
      });
  });
});
