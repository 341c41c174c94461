/** How long a change waits for hosts that say nothing. */
import { expect, test } from "vitest";
import { fleetStage } from "../../../test/support/fleet/fleet-stage.ts";
import { team } from "../../../test/support/fleet/team.ts";
import { joinHosts, leaveFleet, pushFleet } from "./fleet.ts";
import { missing, versionOn } from "./results.ts";

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

test("hosts that hang give their places to the others, which are asked soon", async () => {
  const hanging = Array.from({ length: 16 }, (_, at) => `hangs-${`${at}`.padStart(2, "0")}`);
  const { ports, host } = await fleetStage(...hanging, "honest");
  await joinHosts(ports, undefined, [...hanging, "honest"]);
  const { promise: answers, resolve } = Promise.withResolvers<void>();
  for (const name of hanging) {
    const { answer } = host(name);
    host(name).answer = async (call) => {
      await answers;
      return answer.call(host(name), call);
    };
  }
  const asked = Promise.withResolvers<void>();
  const { answer } = host("honest");
  host("honest").answer = (call) => {
    asked.resolve();
    return answer.call(host("honest"), call);
  };
  const pauses: number[] = [];
  const pause = async (ms: number) => void pauses.push(ms);
  const pushing = pushFleet({ ...ports, pause }, undefined);
  await asked.promise;
  expect(pauses.filter((ms) => ms === 2_000)).toHaveLength(17);
  resolve();
  const { hosts } = await pushing;
  expect(hosts.map((one) => versionOn(one))).toEqual(Array.from({ length: 17 }, () => 3));
});

test("a host that hangs is taken off the list by force, after five seconds", async () => {
  const { ports, host } = await fleetStage("hangs", "honest");
  await joinHosts(ports, undefined, ["hangs", "honest"]);
  host("hangs").answer = () => new Promise(() => {});
  const pauses: number[] = [];
  const pause = async (ms: number) => void pauses.push(ms);
  const { fleet } = await leaveFleet({ ...ports, pause }, undefined, "hangs", { force: true });
  expect(fleet.kept.view.list.hosts.map(({ name }) => name)).toEqual(["honest"]);
  expect(pauses[0]).toBe(5_000);
});
