/** How long a change waits for hosts that say nothing. */
import { expect, test } from "vitest";
import { team } from "../../../test/support/fleet/team.ts";
import { pushFleet } from "./fleet.ts";
import { missing } from "./results.ts";

test("where others operate the fleet too, a line that fails is not tried again", async () => {
  const { anna, host, tooLate } = await team();
  const one = host("one");
  one.isAway = true;
  const asked: string[] = [];
  const { answer } = one;
  one.answer = (call) => {
    asked.push(`${call.method} ${call.path}`);
    return answer.call(one, call);
  };
  tooLate();
  const { fleet, hosts } = await pushFleet(anna, undefined);
  expect(asked).toEqual(["GET fleet"]);
  expect(missing(fleet, hosts)).toMatchObject({ code: "FLEET_INCOMPLETE" });
});
