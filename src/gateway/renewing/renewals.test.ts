/** What the gateway reads to say who trusts the CA that replaces the line's. */
import { expect, test } from "vitest";
import { ListInForce, type Renewal } from "../../identity/index.ts";
import { Renewals } from "./renewals.ts";

const NEXT_CA = "c".repeat(64);
const KEYS = { anna: "a".repeat(64), bob: "b".repeat(64), carl: "d".repeat(64) };
const TRUSTING: Renewal = {
  ...{ generation: 1, at: "2026-11-27T12:00:00Z", current: null, replaced: null, request: null },
  ...{ certificate: "", recoveries: [], copy: null, trusts: NEXT_CA },
};

test("a record is read once, and again after it was written or could not be read", async () => {
  const records = new Map<string, Renewal>([[KEYS.anna, TRUSTING]]);
  const read: string[] = [];
  let isBroken = true;
  const clients = Object.entries(KEYS).map(([name, fingerprint]) => ({
    ...{ name, fingerprint, role: "viewer", state: "active", expires: null },
  })) as ConstructorParameters<typeof ListInForce>[1]["clients"];
  const list = { read: async () => ({ clients, revision: "0" }), watch: () => () => {} };
  const renewals = new Renewals({
    store: {
      read: async (key) => {
        read.push(key);
        if (key === KEYS.carl && isBroken) throw new Error("the file cannot be read");
        return records.get(key) ?? null;
      },
      write: async (key, record) => void records.set(key, record),
      ...{ signed: async () => null, keepSigned: async () => {}, remove: async () => {} },
    },
    clients: new ListInForce({ ...list, write: async () => "ok" }, { clients, revision: "0" }, () => {}),
    offeredCa: () => NEXT_CA,
    ...{ lineCas: () => "", issuer: {} as never, gateway: {} as never },
  });
  expect(await renewals.newCa()).toEqual({ key: NEXT_CA, clients: ["anna"] });
  expect(read.splice(0)).toEqual(Object.values(KEYS));
  isBroken = false;
  expect(await renewals.newCa()).toEqual({ key: NEXT_CA, clients: ["anna"] });
  expect(read.splice(0)).toEqual([KEYS.carl]);
  records.set(KEYS.bob, TRUSTING);
  await renewals.forgive(KEYS.bob);
  await renewals.forget(KEYS.carl);
  read.splice(0);
  expect(await renewals.newCa()).toEqual({ key: NEXT_CA, clients: ["anna", "bob"] });
  expect(read).toEqual([KEYS.bob, KEYS.carl]);
});
