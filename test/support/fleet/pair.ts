/** Two operators of a fleet who both have to sign. */
import { expect } from "vitest";
import {
  addOperator,
  type FleetPorts,
  openFleet,
  openShared,
  operatorPublicKey,
  setThreshold,
  signWaiting,
  takeNewest,
} from "../../../src/app/fleet/index.ts";
import { missing } from "../../../src/app/fleet/results.ts";
import { failureOf } from "../app/change.ts";
import { memoryFleets } from "./fleet-stage.ts";
import { enrol, team } from "./team.ts";

export const yes = async () => true;
export const sign = async (ports: FleetPorts, agrees: Parameters<typeof signWaiting>[2] = yes) =>
  (await signWaiting(ports, undefined, agrees)) ?? expect.fail("not signed");
export const PROPOSED = { code: "FLEET_PROPOSED" };

/** Both operators are needed. */
export async function pair() {
  const stage = await team();
  const { anna, ben, open } = stage;
  await open();
  await enrol(anna, "mallory");
  expect(await failureOf(setThreshold(anna, undefined, 2))).toMatchObject({
    ...PROPOSED,
    message: "the change waits for 1 more signature",
    why: ["signed by anna@laptop; no host has it yet", "these can sign too: ben@desk"],
    hints: [expect.stringMatching(/^tetherdock fleet sign --fleet acme /), expect.any(String)],
  });
  const signed = await sign(ben);
  expect(missing(signed.fleet, signed.hosts)).toBeNull();
  const listOf = async (who: FleetPorts) => (await openFleet(who, undefined)).kept.view.list;
  return { ...stage, signed, listOf };
}

/** Two of three are needed. */
export async function trio() {
  const stage = await team();
  const { anna, ben, open } = stage;
  await open();
  await enrol(anna, "mallory");
  const carol: FleetPorts = { ...anna, fleets: memoryFleets() };
  const added = { name: "carol@desk", publicKey: await operatorPublicKey(carol, "acme") };
  let share = "";
  await addOperator(anna, undefined, added, async (text) => {
    share = text;
  });
  await openShared(carol, share, "acme.json", (store) => store);
  expect(await failureOf(setThreshold(anna, undefined, 2))).toMatchObject(PROPOSED);
  await sign(ben);
  for (const who of [anna, carol]) await takeNewest(who, await openFleet(who, undefined));
  return { ...stage, carol };
}
