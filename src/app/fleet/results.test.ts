/** What an operator is told of hosts that do not have the list. */
import { describe, expect, test } from "vitest";
import { fleetStage } from "../../../test/support/fleet/fleet-stage.ts";
import { sampleReceipt } from "../../../test/support/fleet/sample-fleet.ts";
import { enrol, team } from "../../../test/support/fleet/team.ts";
import { DAY_MS, HOUR_MS } from "../../base/index.ts";
import { callLine, readDone } from "../gateway-api/index.ts";
import { joinHosts, leaveFleet, pushFleet } from "./fleet.ts";
import { fleetStatus } from "./fleet-status.ts";
import { lineErrorOf, waysToSilent } from "./hosts/off-line.ts";
import type { HostResult } from "./push-list.ts";
import { missing } from "./results.ts";

test("a host that an admin has taken out comes back by join, never by push", async () => {
  const { anna } = await team();
  await callLine(anna, "one", { method: "DELETE", path: "fleet" }, readDone);
  const hints = [
    "tetherdock fleet join one --fleet acme   # if they are to be in the fleet",
    "tetherdock fleet leave one --fleet acme   # if not",
  ];
  const seen = await fleetStatus(anna, undefined);
  expect(missing(seen.fleet, seen.hosts)).toMatchObject({ why: ["one: is in no fleet"], hints });
  const pushed = await pushFleet(anna, undefined);
  expect(missing(pushed.fleet, pushed.hosts)).toMatchObject({
    why: ['one: the host of line "one" here is not in the fleet'],
    hints,
  });
});

describe("a host that was taken down", () => {
  const leave = (name: string) =>
    `tetherdock fleet leave ${name} --fleet acme --force   # only if the host is gone for good, or was taken down`;

  test("and has no line any more: leave is the last hint", async () => {
    const { ports, lines } = await fleetStage("one", "two");
    await joinHosts(ports, undefined, ["one", "two"]);
    await lines.remove("one");
    for (const work of [fleetStatus, pushFleet]) {
      const { fleet, hosts } = await work(ports, undefined);
      expect(missing(fleet, hosts)).toMatchObject({
        code: "FLEET_INCOMPLETE",
        hints: [
          "tetherdock fleet push --fleet acme   # once this machine has a line to one again",
          leave("one"),
        ],
      });
    }
    const left = await leaveFleet(ports, undefined, "one", { force: true });
    expect(missing(left.fleet, left.hosts)).toBeNull();
  });

  test("and still has its line: it may only be away", async () => {
    const { ports, host } = await fleetStage("one");
    await joinHosts(ports, undefined, ["one"]);
    host("one").isAway = true;
    const { fleet, hosts } = await fleetStatus(ports, undefined);
    expect(missing(fleet, hosts)?.hints).toEqual([
      "tetherdock fleet push --fleet acme   # once they answer",
      "tetherdock doctor one   # why its line does not answer",
    ]);
  });

  test("and has left its receipt in the store: status offers leave once that is old", async () => {
    const { anna, lines, state, host } = await team();
    const { version } = (await anna.fleets.read("acme")).kept.view;
    const receipt = (at: number) => host("one").sign(sampleReceipt("one", version, { at }));
    state.receipts = () => [receipt(Date.now())];
    expect((await fleetStatus(anna, undefined)).hosts).toMatchObject([{ host: "one", fleet: {} }]);
    await lines.remove("one");
    const ways = async () => {
      const { fleet, hosts } = await fleetStatus(anna, undefined);
      expect([missing(fleet, hosts), lineErrorOf(hosts[0] as HostResult)?.code]).toEqual([
        null,
        "LINE_UNKNOWN",
      ]);
      return waysToSilent(fleet, hosts);
    };
    expect(await ways()).toEqual([]);
    state.receipts = () => [receipt(Date.now() - 20 * HOUR_MS)];
    expect(await ways()).toEqual([]);
    state.receipts = () => [receipt(Date.now() - 3 * DAY_MS)];
    expect(await ways()).toEqual([
      "tetherdock fleet push --fleet acme   # on a machine that has a line to one",
      leave("one"),
    ]);
  });
});

describe("an operator without lines", () => {
  async function withoutLines() {
    const stage = await team();
    await stage.open();
    const { version } = (await stage.ben.fleets.read("acme")).kept.view;
    const { host, lines, state } = stage;
    const before = host("one").kept;
    await enrol(stage.anna, "carol");
    await lines.remove("one");
    const receipt = (over: object) =>
      host("one").sign(sampleReceipt("one", version, { at: Date.now(), ...over }), before);
    const show = (over: object = {}) => {
      state.receipts = () => [receipt(over)];
    };
    show();
    return { ...stage, show };
  }

  test("is told, after another one's change, that the hosts take it in a moment", async () => {
    const { ben, show } = await withoutLines();
    const hints = async () => {
      const { fleet, hosts } = await fleetStatus(ben, undefined);
      return missing(fleet, hosts)?.hints;
    };
    expect(await hints()).toEqual([
      "tetherdock fleet status --fleet acme   # in a minute: they still write receipts, and ask the store every few seconds",
    ]);
    show({ refused: "no room" });
    expect(await hints()).toEqual(["tetherdock fleet push --fleet acme"]);
    show({ at: Date.now() - HOUR_MS });
    expect(await hints()).toEqual(["tetherdock fleet push --fleet acme   # once they answer"]);
  });

  test("is not told to take a host off the list of which there is no receipt", async () => {
    const { ben, state } = await withoutLines();
    state.receipts = () => [];
    const { fleet, hosts } = await fleetStatus(ben, undefined);
    expect(missing(fleet, hosts)?.hints).toEqual([
      "tetherdock fleet push --fleet acme   # on a machine that has a line to one",
    ]);
  });
});

test("a host that has the list by its receipt, and whose gateway does not answer: doctor says why", async () => {
  const { anna, host, state } = await team();
  const { version } = (await anna.fleets.read("acme")).kept.view;
  host("one").isAway = true;
  state.receipts = () => [host("one").sign(sampleReceipt("one", version, { at: Date.now() }))];
  const { fleet, hosts } = await fleetStatus(anna, undefined);
  expect([missing(fleet, hosts), waysToSilent(fleet, hosts)]).toEqual([
    null,
    ["tetherdock doctor one   # why its line does not answer"],
  ]);
  state.receipts = () => [host("one").sign(sampleReceipt("one", version - 1, { at: Date.now() - HOUR_MS }))];
  const old = await fleetStatus(anna, undefined);
  expect(missing(old.fleet, old.hosts)).toMatchObject({
    why: [`one: has version ${version - 1} by its receipt; its line: the gateway does not answer`],
    hints: [
      "tetherdock fleet push --fleet acme   # once they answer",
      "tetherdock doctor one   # why its line does not answer",
    ],
  });
});

test("one host that says a later version hides no other host's way, and may not tell the truth", async () => {
  const { ports, host } = await fleetStage("one", "two");
  await joinHosts(ports, undefined, ["one", "two"]);
  host("two").isAway = true;
  const { fleet, hosts } = await fleetStatus(ports, undefined);
  const lying = hosts.map((one) =>
    "fleet" in one && one.fleet !== null ? { ...one, fleet: { ...one.fleet, version: 9_999 } } : one,
  );
  expect(missing(fleet, lying)?.hints).toEqual([
    expect.stringMatching("^make changes on the machine"),
    "tetherdock doctor one   # if no other machine changed the list: what this host says may be false",
    expect.stringMatching("^tetherdock fleet push --force --fleet acme "),
    expect.stringMatching("^tetherdock fleet push --fleet acme"),
    expect.stringMatching("^tetherdock doctor two "),
  ]);
});
