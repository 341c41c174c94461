/** Changes that wait for signatures, and what becomes of the copies of them when they are signed, dropped or too late. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../../test/support/app/change.ts";
import { PROPOSED, sign } from "../../../../test/support/fleet/pair.ts";
import { at } from "../../../../test/support/fleet/store-stage.ts";
import { enrol, team } from "../../../../test/support/fleet/team.ts";
import { TetherdockError } from "../../../base/index.ts";
import { pushFleet } from "../fleet.ts";
import { fleetStatus } from "../fleet-status.ts";
import type { FleetPorts } from "../ports.ts";
import { setStore } from "../set-store.ts";
import { setThreshold } from "./operators.ts";
import { dropWaiting } from "./sign.ts";

/** Anna's change to a threshold of two waits. */
async function waits() {
  const stage = await team();
  const annaTold: string[] = [];
  const anna: FleetPorts = { ...stage.anna, tell: (text) => void annaTold.push(text) };
  await stage.open();
  expect(await failureOf(setThreshold(anna, undefined, 2))).toMatchObject(PROPOSED);
  return { ...stage, anna, annaTold };
}

async function pair() {
  const stage = await waits();
  await sign(stage.ben);
  await pushFleet(stage.anna, undefined);
  return stage;
}

describe("the list is changed under a change that waits", () => {
  test("who does that is told; so is its author, and everybody by status", async () => {
    const { anna, ben, told, annaTold } = await waits();
    await enrol(ben, "carol");
    expect(told.at(-1)).toContain("is for the list before this one: make it again");
    const { waiting } = await fleetStatus(ben, undefined);
    expect(waiting).toBeInstanceOf(TetherdockError);
    expect(waiting).toMatchObject({
      why: ["it changes a list that is not the newest"],
      hints: [expect.stringMatching(/^tetherdock fleet sign --drop --fleet acme /)],
    });
    await fleetStatus(anna, undefined);
    expect(annaTold.at(-1)).toContain("make it again");
    expect(await anna.fleets.proposal("acme")).toBeNull();
    expect(await failureOf(setThreshold(anna, undefined, 2))).toMatchObject(PROPOSED);
    await sign(ben);
    expect((await fleetStatus(ben, undefined)).waiting).toBeNull();
  });
});

describe("a threshold of two", () => {
  test("the author of a change that others have signed is told no more than that it is there", async () => {
    const { anna, ben, told } = await pair();
    expect(await failureOf(enrol(ben, "carol"))).toMatchObject(PROPOSED);
    await sign(anna);
    expect(await failureOf(sign(ben))).toMatchObject({ message: "no change waits for signatures" });
    expect(told.filter((text) => text.includes("make it again"))).toEqual([]);
    expect(await ben.fleets.proposal("acme")).toBeNull();
  });

  test("what another operator has dropped is shown to its author as only theirs", async () => {
    const { anna, ben, texts } = await pair();
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject(PROPOSED);
    expect((await fleetStatus(anna, undefined)).waiting).toMatchObject({ isOnlyHere: false });
    await dropWaiting(ben, undefined);
    expect((await fleetStatus(ben, undefined)).waiting).toBeNull();
    expect((await fleetStatus(anna, undefined)).waiting).toMatchObject({ isOnlyHere: true });
    expect(await failureOf(enrol(anna, "dora"))).toMatchObject({
      message: "another change waits for signatures",
      why: [expect.any(String), expect.stringContaining("only this machine has it")],
    });
    expect(await failureOf(sign(anna))).toMatchObject(PROPOSED);
    expect(texts.has("web proposal")).toBe(true);
    await sign(ben);
  });

  test("a machine that cannot write to the new store does not say that all is well", async () => {
    const { anna, ben } = await pair();
    expect(await failureOf(setStore(anna, undefined, at("new")))).toMatchObject(PROPOSED);
    await sign(ben);
    await setStore(anna, undefined, at("new"));
    expect(await failureOf(enrol(anna, "carol"))).toMatchObject(PROPOSED);
    const moved = {
      message: "the fleet has another store, which this machine cannot write to",
      hints: [
        expect.stringMatching(/^tetherdock fleet operator key acme /),
        expect.stringMatching(/^tetherdock fleet open FILE /),
      ],
    };
    expect(await failureOf(sign(ben))).toMatchObject(moved);
    expect((await fleetStatus(ben, undefined)).storeError).toMatchObject(moved);
  });
});
