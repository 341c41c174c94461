/** What an operator is told of hosts that do not have the list. */
import { expect, test } from "vitest";
import { team } from "../../../test/support/fleet/team.ts";
import { callLine, readDone } from "../gateway-api/index.ts";
import { pushFleet } from "./fleet.ts";
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
