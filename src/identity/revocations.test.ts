import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DAY_MS } from "../base/index.ts";
import type { Client } from "./client.ts";
import { ClientList } from "./client-list.ts";
import { type KeyRecords, MAX_GONE, recordsAfter, withRevocations } from "./revocations.ts";
import { formatRevocations, parseRevocations } from "./revocations-file.ts";

const NOW = Date.parse("2026-12-01T00:00:00Z");
const NONE: KeyRecords = new Map();
const client = (name: string, more: Partial<Client> = {}): Client => ({
  ...{ name, fingerprint: name.repeat(64), role: "admin", state: "active", expires: null },
  ...more,
});
const [a, b] = [client("a"), client("b")];
const local = client("l", { fingerprint: null });
const statesOf = (clients: readonly Client[], records: KeyRecords) =>
  withRevocations(clients, records).map(({ state }) => state);
const kept = (records: KeyRecords, before: readonly Client[], list: readonly Client[], now = NOW) =>
  recordsAfter(records, before, list, now);
const iso = (ms: number) => new Date(ms).toISOString();

describe("recordsAfter()", () => {
  test("a revoked client stays revoked, whatever an older list says", () => {
    const records = kept(NONE, [a, b], [a, { ...b, state: "revoked" }]);
    expect(statesOf([a, b], records)).toEqual(["active", "revoked"]);
  });

  test("so does a client that was removed, and a key that was replaced", () => {
    expect(statesOf([a, b], kept(NONE, [a, b], [a]))).toEqual(["active", "revoked"]);
    const replaced = kept(NONE, [a, b], [a, client("b", { fingerprint: "c".repeat(64) })]);
    expect(statesOf([a, b], replaced)).toEqual(["active", "revoked"]);
  });

  test("a change that admits the client ends its revocation, and no other", () => {
    const records = kept(NONE, [a, b, local], []);
    const restored = kept(records, withRevocations([a, b, local], records), [b]);
    expect(statesOf([a, b, local], restored)).toEqual(["revoked", "active", "revoked"]);
  });

  test("a client whose access has expired for good is forgotten a day after it was removed", () => {
    const lent = client("b", { expires: iso(NOW) });
    const records = kept(NONE, [a, lent], [a]);
    expect([...records.keys()].toSorted()).toEqual([a.fingerprint, lent.fingerprint]);
    expect(kept(records, [a], [a], NOW + DAY_MS - 1).size).toBe(2);
    expect(kept(records, [a], [a], NOW + DAY_MS).size).toBe(1);
  });

  test.each([
    ["while it is on the list", [a, client("b", { state: "revoked", expires: iso(NOW) })]],
    ["where a list once let it in for ever", [a, client("b", { state: "active", expires: iso(NOW) })]],
  ])("it is not forgotten %s", (_when, list) => {
    const records = kept(NONE, [a, b], list);
    const later = NOW + 1000 * DAY_MS;
    const listed = kept(records, list, list, later);
    const gone = kept(listed, list, [a], later);
    expect(statesOf([a, b], kept(gone, [a], [a], later))).toEqual(["active", "revoked"]);
  });
});

test.each([
  ["put back before it left", [client("b", { expires: iso(NOW) })]],
  ["put back without it", [a]],
])("a list without an end is remembered when an older one is %s", (_how, older) => {
  const lent = [a, client("b", { expires: iso(NOW) })];
  let records = kept(NONE, lent, [a, b]);
  records = kept(records, withRevocations(older, records), lent);
  const later = NOW + 10 * DAY_MS;
  records = kept(records, lent, [a], later);
  expect(statesOf([a, b], kept(records, [a], [a], later))).toEqual(["active", "revoked"]);
});

test("a key that only an older list lacks is not shut out", () => {
  const records = kept(NONE, [a], [a, b]);
  expect(statesOf([a, b], kept(records, [a], [a]))).toEqual(["active", "active"]);
});

/** The actions of a person, who may also put back any earlier list. */
const step = fc.oneof(
  fc.record({
    list: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom("a", "b"),
        state: fc.constantFrom("active" as const, "revoked" as const),
        days: fc.constantFrom(null, 1, 3),
      }),
      { selector: ({ name }) => name },
    ),
  }),
  fc.record({ putBack: fc.nat(5) }),
  fc.record({ wait: fc.integer({ min: 1, max: 5 }) }),
);

test("no earlier list ever admits a client that the last change shut out", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let [records, now] = [NONE, NOW];
      const lists: (readonly Client[])[] = [[]];
      let list: readonly Client[] = [];
      const out = new Set<string>();
      for (const one of steps) {
        if ("wait" in one) now += one.wait * DAY_MS;
        else if ("putBack" in one) list = lists[one.putBack % lists.length] ?? [];
        else {
          const before = withRevocations(list, records);
          const next = one.list.map(({ name, state, days }) =>
            client(name, { state, expires: days === null ? null : iso(now + days * DAY_MS) }),
          );
          records = parseRevocations(formatRevocations(kept(records, before, next, now)), "");
          for (const { name } of before) out.add(name);
          for (const { name, state } of next) state === "active" ? out.delete(name) : out.add(name);
          list = next;
          lists.push(list);
        }
        const counted = new ClientList(withRevocations(list, records));
        for (const name of out) expect(counted.admitKey(name.repeat(64), now).admitted).toBe(false);
      }
    }),
    { numRuns: 2000 },
  );
});

describe("the limit", () => {
  const many = (count: number, from = 0) =>
    Array.from({ length: count }, (_, at) => ({
      ...a,
      name: `c${from + at}`,
      fingerprint: String(from + at).padStart(64, "0"),
    }));

  test("above the limit, removing is refused; revoking and restoring are not", () => {
    const full = kept(NONE, [a, ...many(MAX_GONE)], [a, b]);
    expect(() => kept(full, [a, b], [a])).toThrow(expect.objectContaining({ code: "GATEWAY_CLIENTS_FULL" }));
    expect(statesOf([b], kept(full, [a, b], [a, { ...b, state: "revoked" }]))).toEqual(["revoked"]);
    expect(kept(full, [a, b], [a, b, ...many(1)]).size).toBe(MAX_GONE + 2);
  });

  test("a file that exceeded the limit before there was one can still be changed", () => {
    const overfull = new Map(
      many(MAX_GONE * 2).map((one) => [one.fingerprint, { revoked: true, until: null }]),
    );
    expect(kept(overfull, [a, b], [a, { ...b, state: "revoked" }]).size).toBe(MAX_GONE * 2 + 2);
  });

  test("the file of 3,000 clients and as many removed keys as are kept is small", () => {
    const until = iso(NOW + DAY_MS);
    const records = new Map(
      many(MAX_GONE + 3000).map((one) => [one.fingerprint, { revoked: true, until }] as const),
    );
    expect(formatRevocations(records).length).toBeLessThan(1024 * 1024);
  });
});

test("records of an older version never expire", () => {
  const text = JSON.stringify({ version: 1, revoked: ["b".repeat(64), "name:l"] });
  expect(statesOf([a, b, local], parseRevocations(text, ""))).toEqual(["active", "revoked", "revoked"]);
});

test.each(['{"version":2}', '{"version":3,"keys":[]}', '{"version":1,"revoked":["x"]}', "{"])(
  "%s is not a file of revocations",
  (text) => {
    expect(() => parseRevocations(text, "")).toThrow(
      expect.objectContaining({ code: "GATEWAY_CLIENTS_BROKEN" }),
    );
  },
);
