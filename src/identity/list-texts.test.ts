import { expect, test } from "vitest";
import type { Client } from "./client.ts";
import { formatClients } from "./clients-file.ts";
import { keptAfter, keptFrom, type ListTexts, listPaths, writesFor } from "./list-texts.ts";

const client = (name: string, more: Partial<Client> = {}): Client => ({
  ...{ name, fingerprint: name.repeat(64), role: "admin", state: "active", expires: null },
  ...more,
});
const [a, b] = [client("a"), client("b")];
const paths = listPaths("/clients.json");
const texts = (...clients: Client[]): ListTexts => ({
  clients: formatClients(clients),
  revocations: undefined,
});
const isIn = (kept: ListTexts, name: string) =>
  keptFrom(kept, paths).clients.some((one) => one.name === name && one.state === "active");

/** The texts after each write. */
function cutOff(before: ListTexts, after: readonly Client[]): ListTexts[] {
  const seen: ListTexts[] = [];
  let now = before;
  for (const { which, text } of writesFor(keptFrom(before, paths), after, 0).writes) {
    now = { ...now, [which]: text };
    seen.push(now);
  }
  return seen;
}

test("the revocations are beside the list", () => {
  expect(paths).toEqual({ clients: "/clients.json", revocations: "/clients.revoked.json" });
});

test("the revision covers both texts", () => {
  const one = texts(a);
  const revoked = cutOff(texts(a, b), [a]).at(-1) as ListTexts;
  expect(keptFrom(one, paths).revision).not.toBe(keptFrom(texts(a, b), paths).revision);
  expect(keptFrom(one, paths).revision).not.toBe(
    keptFrom({ ...one, revocations: revoked.revocations }, paths).revision,
  );
});

test.each([
  ["revoked", [a, { ...b, state: "revoked" as const }]],
  ["removed", [a]],
])("interrupted anywhere, a client that is being %s has no access", (_how, after) => {
  const states = cutOff(texts(a, b), after);
  expect(states).toHaveLength(2);
  expect(states.map((state) => isIn(state, "b"))).toEqual([false, false]);
});

test("interrupted anywhere, a client that is being restored has access at the end and not before", () => {
  const revoked = cutOff(texts(a, b), [a, { ...b, state: "revoked" }]).at(-1) as ListTexts;
  const states = cutOff(revoked, [a, b]);
  expect(states.map((state) => isIn(state, "b"))).toEqual([false, true]);
});

test("what was written is known without reading it: the same list, records and revision as when it is read", () => {
  const lists = [[a, b], [a, { ...b, state: "revoked" as const }], [a], [{ ...b, name: "c" }, a]];
  let before = texts(a, b);
  for (const after of lists) {
    const { records } = writesFor(keptFrom(before, paths), after, 0);
    before = cutOff(before, after).at(-1) as ListTexts;
    expect(keptAfter(before, after, records)).toEqual(keptFrom(before, paths));
  }
});

test("10,000 clients have room; a list that is full gets no more, and those on it can still be changed", () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, at) => {
      const fingerprint = String(at).padStart(64, "0");
      return client(`someone-${at}@a-machine.example`, { fingerprint, expires: "2027-01-31T08:00:00.000Z" });
    });
  const all = many(10_000);
  const next = cutOff(texts(), all).at(-1) as ListTexts;
  expect(Math.max(next.clients.length, `${next.revocations}`.length)).toBeLessThan(3 * 1024 * 1024);
  const full = many(14_000);
  expect(() => cutOff(texts(...all), full)).toThrow(
    expect.objectContaining({ code: "GATEWAY_CLIENTS_FULL" }),
  );
  const without = full.slice(1);
  expect(keptFrom(cutOff(texts(...full), without).at(-1) as ListTexts, paths).clients).toHaveLength(13_999);
  const revoked = full.map((one) => ({ ...one, state: "revoked" as const }));
  expect(keptFrom(cutOff(texts(...full), revoked).at(-1) as ListTexts, paths).clients).toEqual(revoked);
});

test("a change of a role writes only the list; a new client is recorded before it is on the list", () => {
  const which = (before: ListTexts, after: readonly Client[]) =>
    writesFor(keptFrom(before, paths), after, 0).writes.map((write) => write.which);
  expect(which(texts(a), [a, b])).toEqual(["revocations", "clients"]);
  const known = cutOff(texts(a), [a, b]).at(-1) as ListTexts;
  expect(which(known, [a, { ...b, role: "viewer" }])).toEqual(["clients"]);
});
