/** What machines know of hosts' credentials, and what comes of it when they learn from each other. */
import { expect, test } from "vitest";
import {
  endHost,
  endOthers,
  type HostUser,
  type HostUsers,
  MOST_ENDED,
  mergeUsers,
  NO_USERS,
  requireRoom,
} from "./host-users.ts";

const NOW = 1_000;
const user = (host: string, key: string, issued = 1): HostUser => ({ host, key, issued });
const users = (current: readonly HostUser[], ended: HostUsers["ended"] = []): HostUsers => ({
  ...{ current, ended, isWhole: true },
});

test("what one machine has ended ends on the other, with the last time", () => {
  const one = users([user("a", "K1"), user("b", "K2")], [{ key: "K3", at: 5 }]);
  const other = users(
    [],
    [
      { key: "K1", at: 7 },
      { key: "K3", at: 9 },
    ],
  );
  const both = {
    current: [user("b", "K2")],
    ended: expect.arrayContaining([
      { key: "K1", at: 7 },
      { key: "K3", at: 9 },
    ]),
  };
  expect(mergeUsers(one, other, NOW)).toMatchObject(both);
  expect(mergeUsers(other, one, NOW)).toMatchObject(both);
});

test.each([
  ["issued later", user("a", "K1", 1), user("a", "K2", 2)],
  ["in the same second", user("a", "K1", 1), user("a", "K2", 1)],
])(
  "of two credentials of a host, one is left on both machines, and the other one ends: %s",
  (_, first, second) => {
    for (const [one, other] of [
      [first, second],
      [second, first],
    ] as const)
      expect(mergeUsers(users([one]), users([other]), NOW)).toEqual(
        users([second], [{ key: "K1", at: NOW }]),
      );
  },
);

test("what was made by a clock that is ahead ends all the same", () => {
  expect(endHost(users([user("a", "K1", NOW + 50)]), "a", NOW).ended).toEqual([{ key: "K1", at: NOW + 50 }]);
});

test("credentials of a host that is not on the list end; the others stay", () => {
  const before = users([user("a", "K1"), user("b", "K2")]);
  expect(endOthers(before, new Set(["b"]), NOW)).toEqual(users([user("b", "K2")], [{ key: "K1", at: NOW }]));
  expect(endOthers(before, new Set(["a", "b"]), NOW)).toBe(before);
  expect(endHost(before, "c", NOW)).toBe(before);
});

test("nothing that was ended is left out to make room", () => {
  const ended = Array.from({ length: MOST_ENDED }, (_, at) => ({ key: `${at}`, at }));
  requireRoom({ ...NO_USERS, ended });
  expect(() => requireRoom({ ...NO_USERS, ended: [...ended, { key: "K", at: 1 }] })).toThrow(
    "10000 credentials of hosts were ended",
  );
  const current = Array.from({ length: 2_001 }, (_, at) => user(`${at}`, `${at}`));
  expect(() => requireRoom({ ...NO_USERS, current })).toThrow("more than 2000 hosts");
});
