/** A fleet that several people operate, each with a key and a machine of their own. */
import { createPrivateKey, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { FleetHost, memoryFleets } from "../../../../test/support/fleet/fleet-stage.ts";
import { sampleReceipt } from "../../../../test/support/fleet/sample-fleet.ts";
import { at } from "../../../../test/support/fleet/store-stage.ts";
import { enrol, operatorPem, team } from "../../../../test/support/fleet/team.ts";
import { formatShare, makeOperatorKey, operatorOf, operatorsOf } from "../../../fleet/index.ts";
import { bringList } from "../bring-list.ts";
import { joinHosts, leaveFleet, pushFleet } from "../fleet.ts";
import { removeFleetClient, revokeFleetClient, setFleetRole } from "../fleet-clients.ts";
import { fleetStatus } from "../fleet-status.ts";
import { changedElsewhere, takeNewest } from "../newest-list.ts";
import { openFleet, publishSame } from "../open-fleet.ts";
import { missing } from "../results.ts";
import { applyFleetRoles } from "../roles/fleet-roles.ts";
import { setStore } from "../set-store.ts";
import { openShared, operatorPublicKey } from "./open-shared.ts";
import { addOperator, fleetOperators, setThreshold } from "./operators.ts";
import { signWaiting } from "./sign.ts";

describe("a second operator", () => {
  test("opens the fleet with the file, and changes it from their own machine", async () => {
    const { ben, anna, host, open, added, share, publicKey } = await team();
    expect(missing(added.fleet, added.hosts)).toBeNull();
    expect(share).not.toContain(JSON.stringify((await anna.fleets.read("acme")).operatorKey).slice(1, -1));
    await open();
    expect(await operatorPublicKey(ben, "acme")).toBe(publicKey);
    const delivered: { hosts: { name: string }[] }[] = [];
    const { fleet, hosts } = await enrol(ben, "carol", delivered);
    expect(missing(fleet, hosts)).toBeNull();
    expect(delivered.map((one) => one.hosts.map(({ name }) => name))).toEqual([["one"]]);
    expect(host("one").kept?.timestamp).toBe(fleet.kept.documents.timestamp);
    expect((await fleetOperators(ben, undefined)).operators.map(({ name }) => name)).toEqual([
      "anna@laptop",
      "ben@desk",
    ]);
  });

  test("what one changes, the other has before the next change, and is told who did what", async () => {
    const { ben, anna, told, open } = await team();
    await open();
    await enrol(ben, "carol");
    const { fleet } = await setFleetRole(anna, undefined, "carol", "operator");
    expect(fleet.kept.view.list).toMatchObject({
      clients: [{ name: "carol", role: "operator" }],
      hosts: [{ name: "one" }],
    });
    await revokeFleetClient(anna, undefined, "carol");
    told.length = 0;
    const status = await fleetStatus(ben, undefined);
    expect(status.storeError).toBeNull();
    expect(told).toEqual([
      expect.stringMatching(/^took version \d+ from the store, signed by "?anna@laptop"?; changed clients: /),
    ]);
    expect(status.fleet.kept.revoked).toHaveLength(1);
    await removeFleetClient(ben, undefined, "carol");
    expect((await leaveFleet(anna, undefined, "one", { force: false })).fleet.kept.view.list).toMatchObject({
      clients: [],
      hosts: [],
    });
  });

  test("roles that one changes are told too", async () => {
    const { ben, anna, told, open } = await team();
    await open();
    const apply = (text: object) =>
      applyFleetRoles(
        { ...anna, readText: async () => JSON.stringify(text) },
        undefined,
        ["a.yaml"],
        async () => true,
      );
    await apply({ version: 1, name: "web-team", extends: "viewer" });
    await fleetStatus(ben, undefined);
    await apply({ version: 1, name: "web-team", extends: "deployer" });
    await fleetStatus(ben, undefined);
    expect(told.slice(-2)).toEqual([
      expect.stringMatching(/; new roles: "?web-team"?$/),
      expect.stringMatching(/; changed roles: "?web-team"?$/),
    ]);
  });

  test("revoked keys, and how many have to sign, are told too", async () => {
    const { ben, anna, told, open } = await team();
    await open();
    await enrol(anna, "carol");
    await takeNewest(ben, await openFleet(ben, undefined));
    await revokeFleetClient(anna, undefined, "carol");
    await takeNewest(ben, await openFleet(ben, undefined));
    expect(told.at(-1)).toMatch(/; changed clients: carol; newly revoked: 1 key$/);
    expect((await failureOf(setThreshold(anna, undefined, 2))).code).toBe("FLEET_PROPOSED");
    await signWaiting(ben, undefined, async () => true);
    const [own, other] = [await openFleet(anna, undefined), await openFleet(ben, undefined)];
    expect(changedElsewhere(own, { ...other.kept, instead: null }).why).toContainEqual(
      "signatures needed there: 2",
    );
  });

  test("a key that has another operator's name is told", async () => {
    const { ben, anna, told, open } = await team();
    await open();
    const opened = await openFleet(anna, undefined);
    const thief = operatorOf(createPrivateKey(makeOperatorKey()), "ben@desk");
    const operators = [thief, ...operatorsOf(opened.kept.documents)];
    await bringList(anna, await publishSame(anna, opened, { operators }));
    await takeNewest(ben, await openFleet(ben, undefined));
    expect(told.at(-1)).toMatch(/signed by anna@laptop; changed operators: ben@desk$/);
  });

  test("two that change it at once: one wins, the other is told, and what to do", async () => {
    const { ben, anna, open, texts } = await team();
    await open();
    const before = texts.get("web") ?? "";
    await enrol(anna, "dora");
    const annas = texts.get("web") ?? "";
    texts.set("web", before);
    const { fleet, hosts } = await enrol(ben, "carol");
    expect(missing(fleet, hosts)).toMatchObject({
      code: "FLEET_INCOMPLETE",
      why: [expect.stringContaining("equal to current version")],
    });
    texts.set("web", annas);
    expect(await failureOf(pushFleet(ben, undefined))).toMatchObject({
      code: "FLEET_CONFLICT",
      why: [
        expect.stringContaining("another version"),
        "clients only there: dora",
        "clients only here: carol",
      ],
      hints: [expect.stringMatching(/^run tetherdock fleet push --fleet acme there/), expect.any(String)],
    });
    await pushFleet(anna, undefined);
    expect((await enrol(ben, "erin")).fleet.kept.view.list.clients.map(({ name }) => name)).toEqual([
      "dora",
      "erin",
    ]);
  });

  test("nobody is revoked on the word of a host that has the other one's list of the same version", async () => {
    const { ben, anna, open, texts, host, state } = await team();
    await open();
    await enrol(ben, "mallory");
    await pushFleet(anna, undefined);
    const before = texts.get("web") ?? "";
    await enrol(anna, "dora");
    // Ben has looked into the store before Anna published.
    texts.set("web", before);
    const { version } = (await openFleet(anna, undefined)).kept.view;
    state.receipts = () => [host("one").sign(sampleReceipt("one", version))];
    const { fleet, hosts } = await revokeFleetClient(ben, undefined, "mallory");
    expect(fleet.kept.view.version).toBe(version);
    expect(missing(fleet, hosts)).toMatchObject({
      code: "FLEET_INCOMPLETE",
      why: [expect.stringContaining("equal to current version")],
    });
    host("one").isAway = true;
    const status = await fleetStatus(ben, undefined);
    expect(missing(status.fleet, status.hosts)).toMatchObject({
      why: ["one: its receipt is for another list of this version"],
      hints: [expect.stringMatching("fleet push --fleet acme"), expect.stringMatching("doctor one")],
    });
  });

  test("a host of theirs that has the name of another operator's is not put into the fleet", async () => {
    const { ben, anna, open, hosts } = await team();
    await open();
    const { gateway } = ben;
    const bens = new FleetHost();
    const call: typeof gateway.call = (access, asked, reader) => {
      const [own, annas] = [bens, hosts.get("one") ?? expect.fail()];
      hosts.set("one", own);
      return gateway.call(access, asked, reader).finally(() => hosts.set("one", annas));
    };
    const desk = { ...ben, gateway: { ...gateway, call } };
    const pushed = await enrol(desk, "carol");
    expect(bens.kept).toBeNull();
    expect(pushed.hosts).toMatchObject([
      {
        error: {
          code: "FLEET_REFUSED",
          hints: [expect.stringMatching(/^tetherdock fleet join one --fleet acme/)],
        },
      },
    ]);
    expect(missing((await pushFleet(anna, undefined)).fleet, pushed.hosts)?.code).toBe("FLEET_INCOMPLETE");
    await joinHosts(desk, undefined, ["one"]);
    expect(bens.kept).not.toBeNull();
  });

  test("takes nothing from the file that no operator has signed, and no store and CA that the list does not name", async () => {
    const { ben, anna, share, open } = await team();
    const { documents } = (await openFleet(anna, undefined)).kept;
    const key = createPrivateKey((await anna.fleets.read("acme")).operatorKey);
    const inside = JSON.parse(JSON.parse(share).share);
    const thief = createPrivateKey(makeOperatorKey());
    const made = (fields: { store?: object; ca?: object }, by: KeyObject) => {
      const { store, ...fleet } = { ...inside, kept: { documents }, ...fields };
      return formatShare(fleet, { ...inside.store, ...store }, by);
    };
    const elsewhere = { ...inside.store.address, ca: "of somebody else" };
    const otherCa = { ...inside.ca, certificate: inside.ca.certificate.replace("A", "B") };
    const unsigned = "no operator of the fleet has signed it";
    for (let isHere = false; ; isHere = true) {
      for (const [text, why] of [
        [made({ store: { settings: "the thief's" } }, thief), unsigned],
        [JSON.stringify({ ...JSON.parse(share), share: `${JSON.parse(share).share} ` }), unsigned],
        [
          made({ store: { address: elsewhere } }, key),
          "its store is not the one that the fleet's list names",
        ],
        [made({ ca: otherCa }, key), "its CA is not the one that the fleet's list names"],
      ] as const)
        expect(await failureOf(openShared(ben, text, "acme.json", (store) => store))).toMatchObject({
          code: "FLEET_BROKEN",
          why: [expect.stringContaining(why)],
        });
      if (isHere) break;
      await open();
    }
    expect((await ben.fleets.read("acme")).store).toEqual(at("web"));
  });

  test("needs a store, a key of their own and another name; the file is written again for the same", async () => {
    const { anna, publicKey, ben, share, open } = await team();
    const none = async () => expect.fail("delivered");
    for (const [name, key, text] of [
      ["ben@desk", operatorPem(), "the fleet has an operator ben@desk already"],
      ["carol", publicKey, "the key is the one of the operator ben@desk"],
    ] as const)
      expect(await failureOf(addOperator(anna, undefined, { name, publicKey: key }, none))).toMatchObject({
        ...{ code: "FLEET_REFUSED", message: text },
      });
    const { version } = (await openFleet(anna, undefined)).kept.view;
    await addOperator(anna, undefined, { name: "ben@desk", publicKey }, async (text) => {
      expect(JSON.parse(text)).toEqual(JSON.parse(share));
    });
    expect((await openFleet(anna, undefined)).kept.view.version).toBe(version);
    await setStore(anna, undefined, null);
    expect(
      await failureOf(addOperator(anna, undefined, { name: "carol", publicKey: operatorPem() }, none)),
    ).toMatchObject({ message: "several operators need a store" });
    const other = { ...ben, fleets: memoryFleets() };
    expect(await failureOf(openShared(other, share, "acme.json", (store) => store))).toMatchObject({
      code: "FLEET_REFUSED",
      hints: [expect.stringContaining("tetherdock fleet operator key acme")],
    });
    expect(
      await failureOf(openShared(ben, share.replace("acme", "rival"), "acme.json", (one) => one)),
    ).toMatchObject({
      code: "FLEET_BROKEN",
    });
    await open();
  });

  test("who gets another store's address by the list is told what to do, and then has it", async () => {
    const { anna, ben, open, publicKey } = await team();
    await open();
    await setStore(anna, undefined, at("other"));
    expect(await failureOf(enrol(ben, "carol"))).toMatchObject({
      code: "FLEET_REFUSED",
      why: ["it is https://other.example/acme"],
    });
    let again = "";
    await addOperator(anna, undefined, { name: "ben@desk", publicKey }, async (text) => {
      again = text;
    });
    await openShared(ben, again, "acme.json", (store) => store);
    const { fleet, hosts } = await enrol(ben, "carol");
    expect([missing(fleet, hosts), fleet.store]).toEqual([null, at("other")]);
  });
});
