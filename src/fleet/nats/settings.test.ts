/** What the operator's machine keeps of a NATS store. */
import { expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { MOST_SETTINGS } from "../store/ports.ts";
import { MOST_ENDED, NO_USERS } from "./host-users.ts";
import { formatNatsSettings, type NatsSettings, readNatsSettings, withUsersBefore } from "./settings.ts";

const seeds = {
  operator: `SO${"A".repeat(56)}`,
  system: `SA${"B".repeat(56)}`,
  account: `SA${"C".repeat(56)}`,
  hosts: `SA${"E".repeat(56)}`,
};
const key = (at: number): string =>
  `U${at
    .toString(8)
    .replaceAll(/\d/g, (digit) => "ABCDEFGH"[Number(digit)] ?? "")
    .padStart(55, "A")}`;
const address = { urls: ["nats://one.example"], ca: null };
const stored = (settings: NatsSettings) => ({ address, settings: formatNatsSettings(settings) });

test("settings from before hosts' credentials were kept are read, and known not to be whole", () => {
  expect(readNatsSettings({ settings: JSON.stringify(seeds) })).toEqual({
    ...seeds,
    users: { current: [], ended: [], isWhole: false },
  });
});

test("settings are read as they were written, also the longest", () => {
  const most = (length: number) => Array.from({ length }, (_, at) => key(at));
  const users = {
    current: most(2_000).map((one, at) => ({
      host: `${at}`.padStart(64, "h"),
      key: one,
      issued: 9_999_999_999,
    })),
    ended: most(MOST_ENDED).map((one) => ({ key: one, at: 9_999_999_999 })),
    isWhole: true,
  };
  const settings = formatNatsSettings({ ...seeds, users });
  expect(settings.length).toBeLessThan(MOST_SETTINGS);
  expect(readNatsSettings({ settings })).toEqual({ ...seeds, users });
});

test.each([
  { ...NO_USERS, ended: [{ key: "no key", at: 1 }] },
  { ...NO_USERS, current: [{ host: "../a", key: key(1), issued: 1 }] },
  { ...NO_USERS, more: 1 },
])("%j is refused", async (users) => {
  const settings = JSON.stringify({ ...seeds, users });
  const read = async () => readNatsSettings({ settings });
  expect(await failureOf(read())).toMatchObject({ code: "FLEET_BROKEN" });
});

test("a store in which hosts have no account of their own is refused, and may be replaced", async () => {
  const { hosts: _, ...old } = seeds;
  const settings = JSON.stringify({ ...old, users: NO_USERS });
  expect(await failureOf((async () => readNatsSettings({ settings }))())).toMatchObject({
    code: "FLEET_BROKEN",
    message: "the fleet's store in NATS was made by an older tetherdock",
  });
  const given = stored({ ...seeds, users: NO_USERS });
  expect(withUsersBefore({ address, settings }, given, 3)).toBe(given);
});

test("a file of another operator takes nothing away that this machine knows", () => {
  const user = { host: "a", key: key(1), issued: 1 };
  const ended = [{ key: key(2), at: 2 }];
  const own = stored({ ...seeds, users: { ...NO_USERS, current: [user] } });
  const given = stored({ ...seeds, users: { ...NO_USERS, ended } });
  expect(readNatsSettings(withUsersBefore(own, given, 3)).users).toEqual({
    ...NO_USERS,
    current: [user],
    ended,
  });
  const other = stored({ ...seeds, account: `SA${"D".repeat(56)}`, users: NO_USERS });
  expect(withUsersBefore(own, other, 3)).toBe(other);
  expect(withUsersBefore(null, given, 3)).toBe(given);
  const web = { address: { urls: ["https://web.example/a"], ca: null }, settings: "{}" };
  expect(withUsersBefore(own, web, 3)).toBe(web);
  expect(withUsersBefore(web, given, 3)).toBe(given);
});
