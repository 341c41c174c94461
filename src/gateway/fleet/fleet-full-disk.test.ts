import { expect, test } from "vitest";
import { accept, delegated, key, made, states } from "../../../test/support/fleet/fleet-in-force.ts";
import { fleetClient, fleetList } from "../../../test/support/fleet/sample-fleet.ts";
import { TetherdockError } from "../../base/index.ts";

const EVE = fleetClient("eve");
const CAROL = fleetClient("carol");

test("on a full disk, who is revoked or taken off the list is out at once, and in force anew after the next list", async () => {
  const { two, both, revoke } = await delegated(fleetList({ clients: [EVE, CAROL] }));
  const { fleet, store, make, onChange } = made();
  await accept(fleet, two.documents);
  const { write } = store;
  store.write = () => Promise.reject(new TetherdockError("FILE_FAILED", "cannot write fleet.json"));
  onChange.mockClear();
  const told = {
    code: "FILE_FAILED",
    message: "cannot write fleet.json; access has ended all the same, until the gateway restarts",
  };
  const revoked = revoke(key, [EVE.fingerprint ?? ""], 20);
  await expect(accept(fleet, revoked)).rejects.toMatchObject(told);
  expect(states(fleet)).toEqual([
    ["eve", "revoked", null],
    ["carol", "active", null],
  ]);
  expect(onChange).toHaveBeenCalledTimes(1);
  const without = await both(two, fleetList({ clients: [EVE] }));
  await expect(accept(fleet, without.documents)).rejects.toMatchObject(told);
  expect(states(fleet).map(([, state]) => state)).toEqual(["revoked", "revoked"]);
  // Nothing of it is kept.
  const again = make();
  await again.load();
  expect(states(again).map(([, state]) => state)).toEqual(["active", "active"]);
  store.write = write;
  expect(await accept(fleet, revoked)).toEqual({ isNews: true });
  expect(states(fleet).map(([, state]) => state)).toEqual(["revoked", "active"]);
});

test("what was revoked on a full disk stays revoked by whatever list is kept next", async () => {
  const { two, revoke } = await delegated(fleetList({ clients: [EVE, CAROL] }));
  const { fleet, store, make } = made();
  await accept(fleet, two.documents);
  const { write } = store;
  store.write = () => Promise.reject(new TetherdockError("FILE_FAILED", "cannot write fleet.json"));
  for (const { fingerprint } of [EVE, CAROL])
    await expect(accept(fleet, revoke(key, [fingerprint ?? ""], 20))).rejects.toThrow();
  store.write = write;
  // Another operator has not heard of it, or a thief leaves it out.
  expect(await accept(fleet, revoke(key, [], 30))).toEqual({ isNews: true });
  expect(states(fleet).map(([, state]) => state)).toEqual(["revoked", "revoked"]);
  const again = make();
  await again.load();
  expect(states(again).map(([, state]) => state)).toEqual(["revoked", "revoked"]);
});
