import { describe, expect, test } from "vitest";
import { hostFacts } from "../../../test/support/host-facts.ts";
import type { EntryFact, TransactionFact } from "../../facts/index.ts";
import { planDown } from "./plan-down.ts";

const entry = (path: string, before: EntryFact["before"], after = "sum", now = after): EntryFact => ({
  ...{ path, before, after, now },
});
const about = (exposedPorts: readonly number[]) =>
  ({ lineId: "a", lineName: "vps", port: 2376, exposedPorts, by: "", at: "", version: "" }) as const;

function transaction(
  number: number,
  entries: readonly EntryFact[],
  over: Partial<TransactionFact> = {},
): TransactionFact {
  return {
    ...{ number, entries, state: "confirmed", ownerAlive: false, restarted: false, about: null },
    ...over,
  };
}

const plan = (...transactions: TransactionFact[]) => planDown(hostFacts({}, { transactions }));

test("a host without a confirmed change has nothing to undo", () => {
  expect(plan()).toBeNull();
  expect(plan(transaction(1, [entry("/a", "absent")], { state: "pending" }))).toBeNull();
});

test("changes are undone from newest to oldest, and each path returns to its state before the oldest", () => {
  const first = transaction(1, [entry("/a", "kept", "one"), entry("/b", "absent"), entry("/tree", "tree")]);
  const second = transaction(2, [entry("/a", "kept", "two"), entry("/c", "absent"), entry("/b", "kept")]);
  expect(plan(first, second)).toMatchObject({
    numbers: [2, 1],
    restored: ["/a"],
    removed: ["/c", "/b", "/tree"],
    gateway: false,
    restart: false,
    warnings: [],
  });
});

test("a conflict is a path that somebody changed after our newest change of it", () => {
  const first = transaction(1, [entry("/a", "kept", "one", "two"), entry("/b", "absent", "sum", "other")]);
  const second = transaction(2, [entry("/a", "kept", "two")]);
  expect(plan(first, second)?.conflicts).toEqual(["/b"]);
});

describe("the gateway's configuration, which admins are told to edit,", () => {
  const config = "/etc/tetherdock/gateway.json";
  test("is no conflict when it was edited, but named", () => {
    const first = transaction(1, [entry(config, "absent", "one", "two")]);
    expect(plan(first)).toMatchObject({ conflicts: [], edited: [config] });
    const again = transaction(2, [entry(config, "kept", "one", "two")]);
    expect(plan(first, again)).toMatchObject({ conflicts: [], edited: [config] });
  });
  test("is nothing to lose when it was removed, or is as up wrote it", () => {
    for (const now of ["absent", "one"])
      expect(plan(transaction(1, [entry(config, "absent", "one", now)]))).toMatchObject({
        ...{ conflicts: [], edited: [] },
      });
  });
  test("is a conflict when an older one would take its place", () => {
    expect(plan(transaction(1, [entry(config, "kept", "one", "two")]))).toMatchObject({
      ...{ conflicts: [config], edited: [] },
    });
  });
});

test.each(["directory", "spare", "shared", "tree"] as const)("a changed %s is no conflict", (before) => {
  expect(plan(transaction(1, [entry("/a", before, "sum", "other")]))?.conflicts).toEqual([]);
});

test("ports that were open before the first change are open again after it is undone", () => {
  const changes = [transaction(1, [], { about: about([2375]) }), transaction(2, [], { about: about([]) })];
  expect(plan(...changes)?.exposedPorts).toEqual([2375]);
  expect(plan(transaction(1, []))?.exposedPorts).toEqual([]);
});

test("docker is restarted if any change restarted it, with a warning about what stops", () => {
  const containers = [{ name: "web", restart: "no" }];
  const transactions = [transaction(1, [], { restarted: true }), transaction(2, [])];
  const made = planDown(hostFacts({}, { transactions, containers }));
  expect(made).toMatchObject({
    restart: true,
    warnings: [expect.stringContaining("web"), expect.any(String)],
  });
});

test("the gateway is removed if a change made the folder of its records", () => {
  const logs = entry("/var/log/private/tetherdock-gateway", "tree", "directory");
  expect(plan(transaction(1, [logs]))?.gateway).toBe(true);
});
