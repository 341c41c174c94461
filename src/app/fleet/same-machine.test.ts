/** One operator, and several commands at once on one machine. */
import { expect, test } from "vitest";
import { at, storeStage } from "../../../test/support/fleet/store-stage.ts";
import { enrol } from "../../../test/support/fleet/team.ts";
import { joinHosts, leaveFleet } from "./fleet.ts";
import { fleetStatus } from "./fleet-status.ts";
import { openFleet, publishSame } from "./open-fleet.ts";
import { bringSigned } from "./operators/bring-signed.ts";
import { askHosts } from "./push-list.ts";
import { missing } from "./results.ts";
import { setStore } from "./set-store.ts";

async function joined() {
  const stage = await storeStage("one", "two");
  await joinHosts(stage.ports, undefined, ["one", "two"]);
  return stage;
}

test("a host that already has what another command signed has this one's change too", async () => {
  const { ports } = await joined();
  const signed = await publishSame(ports, await openFleet(ports, undefined), { renews: true });
  await enrol(ports, "anna");
  await enrol(ports, "eva");
  const pushed = await bringSigned(ports, signed);
  expect(missing(pushed.fleet, pushed.hosts, pushed.since)).toBeNull();
  expect(pushed.fleet.kept.view.version).toBe(signed.kept.view.version + 2);
});

test("fleet status names no host for a change that another command makes meanwhile", async () => {
  const { ports } = await joined();
  const { version } = (await openFleet(ports, undefined)).kept.view;
  let isMade = false;
  const call: typeof ports.gateway.call = async (...request) => {
    const answer = await ports.gateway.call(...request);
    if (!isMade) {
      isMade = true;
      await publishSame(ports, await openFleet(ports, undefined), { renews: true });
    }
    return answer;
  };
  const status = await fleetStatus({ ...ports, gateway: { ...ports.gateway, call } }, undefined);
  expect(status.fleet.kept.view.version).toBe(version + 1);
  expect(missing(status.fleet, status.hosts, status.since)).toBeNull();
  // What it has not seen changing is missing.
  const after = await fleetStatus(ports, undefined);
  expect(missing(after.fleet, await askHosts(ports, after.fleet), after.since)?.code).toBe(
    "FLEET_INCOMPLETE",
  );
});

test("fleet status says of a host that it has another list of the same version", async () => {
  const { ports } = await joined();
  const { hosts } = await fleetStatus(ports, undefined);
  const [one] = hosts.flatMap((result) => ("fleet" in result ? [result.fleet] : []));
  expect(one?.list).toMatch(/^[0-9a-f]{64}$/);
  const call: typeof ports.gateway.call = async (...request) => {
    const answer = await ports.gateway.call(...request);
    return JSON.parse(JSON.stringify(answer).replaceAll(`${one?.list}`, "0".repeat(64)));
  };
  const status = await fleetStatus({ ...ports, gateway: { ...ports.gateway, call } }, undefined);
  expect(missing(status.fleet, status.hosts)).toMatchObject({
    code: "FLEET_INCOMPLETE",
    why: [
      expect.stringMatching(/^one: it has another list of version \d+$/),
      expect.stringContaining("two: "),
    ],
  });
});

test("leave knows the credentials that it ends, although publishing the list ends them too", async () => {
  const { ports, state } = await joined();
  await setStore(ports, undefined, at("web"));
  const told: string[] = [];
  const openStore: typeof ports.openStore = async (...place) => {
    const store = await ports.openStore(...place);
    const endAgain: typeof store.endAgain = async (...hosts) => {
      state.ended = "unknown";
      return store.endAgain(...hosts);
    };
    return { ...store, endAgain };
  };
  const tell = (text: string) => void told.push(text);
  await leaveFleet({ ...ports, openStore, tell }, undefined, "one", { force: true });
  expect([state.ended, told]).toEqual(["unknown", []]);
});
