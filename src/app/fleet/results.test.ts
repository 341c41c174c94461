/** What an operator is told of hosts that do not have the list. */
import { describe, expect, test } from "vitest";
import { fleetStage } from "../../../test/support/fleet/fleet-stage.ts";
import { team } from "../../../test/support/fleet/team.ts";
import { callLine, readDone } from "../gateway-api/index.ts";
import { joinHosts, leaveFleet, pushFleet } from "./fleet.ts";
import { fleetStatus } from "./fleet-status.ts";
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
    `tetherdock fleet leave ${name} --fleet acme --force   # if the host is gone, or was taken down`;

  test("and has no line any more: the hint is leave, not push again", async () => {
    const { ports, lines } = await fleetStage("one", "two");
    await joinHosts(ports, undefined, ["one", "two"]);
    await lines.remove("one");
    for (const work of [fleetStatus, pushFleet]) {
      const { fleet, hosts } = await work(ports, undefined);
      expect(missing(fleet, hosts)).toMatchObject({ code: "FLEET_INCOMPLETE", hints: [leave("one")] });
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
      leave("one"),
    ]);
  });

  test("and has left its receipt in the store: status says that no line leads there", async () => {
    const { anna, lines, state, host } = await team();
    const { version } = (await anna.fleets.read("acme")).kept.view;
    const said = { host: "one", seen: version, inForce: version, refused: null, rejected: null };
    const receipt = { ...said, closed: 0, open: 0, tookMs: 1, at: 0, list: null, signature: null };
    state.receipts = () => [host("one").sign(receipt)];
    expect((await fleetStatus(anna, undefined)).hosts).toMatchObject([{ host: "one", fleet: {} }]);
    await lines.remove("one");
    expect((await fleetStatus(anna, undefined)).hosts).toMatchObject([{ host: "one", hasNoLine: true }]);
  });
});
