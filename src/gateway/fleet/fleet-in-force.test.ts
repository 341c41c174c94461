/** What a gateway keeps of its fleet, and when that changes who gets in. */
import { expect, test, vi } from "vitest";
import { fleetClient, fleetList, makeOperator, signNext } from "../../../test/support/fleet/sample-fleet.ts";
import { DAY_MS } from "../../base/index.ts";
import type { FleetStore } from "../ports.ts";
import { FleetInForce } from "./fleet-in-force.ts";

const key = makeOperator();
const EVE = fleetClient("eve");

function made() {
  const kept: { text: string | undefined } = { text: undefined };
  const store: FleetStore = {
    path: "fleet.json",
    read: async () => kept.text,
    write: async (text) => {
      kept.text = text;
    },
  };
  const time = { now: Date.now() };
  const onChange = vi.fn(async () => {});
  const make = () => new FleetInForce(store, () => time.now, onChange);
  return { kept, store, time, onChange, make, fleet: make() };
}

const states = (fleet: FleetInForce) =>
  fleet.members([]).clients.map(({ name, state, expires }) => [name, state, expires]);

test("the first documents pin the operator; a restart keeps them, and what they revoked", async () => {
  const { fleet, make, onChange } = made();
  const first = signNext(null, key, fleetList({ clients: [EVE], revoked: [EVE.fingerprint ?? ""] }));
  expect(await fleet.accept(first)).toEqual({ isNews: true });
  expect(await fleet.accept(first)).toEqual({ isNews: false });
  expect(onChange).toHaveBeenCalledTimes(1);
  const again = make();
  await again.load();
  expect(states(again)).toEqual([["eve", "revoked", null]]);
  expect(await again.accept(signNext(null, makeOperator(), fleetList()))).toEqual({
    refused: expect.any(String),
  });
});

test("a later list without the revocation does not take it back", async () => {
  const { fleet } = made();
  await fleet.accept(signNext(null, key, fleetList({ clients: [EVE], revoked: [EVE.fingerprint ?? ""] })));
  const { documents, view } = fleet.kept ?? expect.fail("it is in no fleet");
  await fleet.accept(signNext({ documents, view }, key, fleetList({ clients: [EVE] })));
  expect(fleet.kept?.view.version).toBe(2);
  expect(states(fleet)).toEqual([["eve", "revoked", null]]);
});

test("when the documents end, access is judged anew, once; and again when newer ones come", async () => {
  const { fleet, time, onChange } = made();
  await fleet.accept(signNext(null, key, fleetList({ clients: [EVE] }), { validMs: DAY_MS }));
  fleet.sweep();
  expect(onChange).toHaveBeenCalledTimes(1);
  time.now += 2 * DAY_MS;
  fleet.sweep();
  fleet.sweep();
  expect(onChange).toHaveBeenCalledTimes(2);
  expect(states(fleet)).toEqual([["eve", "active", expect.stringMatching(/Z$/)]]);
  const { documents, view } = fleet.kept ?? expect.fail("it is in no fleet");
  await fleet.accept(signNext({ documents, view }, key, fleetList({ clients: [EVE] })));
  fleet.sweep();
  expect(states(fleet)).toEqual([["eve", "active", null]]);
});

test("a host that leaves keeps nothing; what cannot be written changes nothing", async () => {
  const { fleet, store, kept } = made();
  expect(await fleet.leave()).toBe(false);
  await fleet.accept(signNext(null, key, fleetList({ clients: [EVE] })));
  const { write } = store;
  Object.assign(store, { write: () => Promise.reject(new Error("disk full")) });
  await expect(fleet.leave()).rejects.toThrow("disk full");
  expect(states(fleet)).toHaveLength(1);
  Object.assign(store, { write });
  expect(await fleet.leave()).toBe(true);
  expect([kept.text, fleet.members([]).clients]).toEqual([undefined, []]);
});

test("a damaged file is an error, and the host is in no fleet", async () => {
  const { fleet, kept } = made();
  kept.text = "{";
  await expect(fleet.load()).rejects.toMatchObject({ code: "GATEWAY_FLEET_BROKEN" });
  expect(fleet.kept).toBeNull();
});
