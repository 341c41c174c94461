/** Credentials are ended on this machine and on the servers, whatever the servers answer. */
import type { NatsConnection } from "@nats-io/transport-node";
import { expect, test } from "vitest";
import { endHost, formatNatsSettings, type HostUser, readNatsSettings } from "../../../fleet/index.ts";
import { KnownUsers } from "./known-users.ts";
import { hostCredentials, hostsToken, makeNatsSettings } from "./trust.ts";

const FLEET = "acme";
const TAKEN = '{"data":{"code":200}}';

/** @param update what becomes of a token that is sent @returns a machine, and what it keeps */
async function stage(update: (token: string, before: string) => string, answer = TAKEN) {
  const settings = makeNatsSettings();
  const { user } = await hostCredentials(settings, FLEET, "one");
  let text = formatNatsSettings({ ...settings, users: { ...settings.users, current: [user] } });
  let token = await hostsToken(settings, FLEET, {});
  let updates = 0;
  const request = async (subject: string, body: string) => {
    if (subject.endsWith("LOOKUP")) return { string: () => token };
    updates += 1;
    token = update(body, token);
    return { string: () => answer };
  };
  const users = new KnownUsers({
    ...{ settings: readNatsSettings({ settings: text }), fleet: FLEET },
    keep: async (change) => {
      text = change(text);
    },
    system: async () => ({ request }) as unknown as NatsConnection,
  });
  const kept = () => readNatsSettings({ settings: text }).users;
  return { user, users, kept, updates: () => updates };
}

const endOne = (users: KnownUsers) => users.change((all, now) => endHost(all, "one", now));
const ended = ({ key }: HostUser) => [{ key, at: expect.any(Number) }];

test("what ends is kept, sent once, and not sent again", async () => {
  const { users, user, kept, updates } = await stage((token) => token);
  expect(await endOne(users)).toBe(0);
  expect(await endOne(users)).toBe(0);
  expect(kept()).toMatchObject({ current: [], ended: ended(user) });
  expect(updates()).toBe(1);
});

test("changes that wait for another one are brought to the servers together, each once", async () => {
  const { users, user, kept, updates } = await stage((token) => token);
  const keys = await Promise.all(
    ["a", "b", "c"].map((host) => hostCredentials(makeNatsSettings(), FLEET, host)),
  );
  const first = endOne(users);
  await Promise.resolve();
  const made = keys.map((one) => users.change((all) => ({ ...all, current: [...all.current, one.user] })));
  await Promise.all([
    first,
    ...made,
    ...["a", "b"].map((host) => users.change((all, now) => endHost(all, host, now))),
  ]);
  expect(kept().current.map(({ host }) => host)).toEqual(["c"]);
  expect(kept().ended.map(({ key }) => key)).toEqual([
    user.key,
    ...keys.slice(0, 2).map((one) => one.user.key),
  ]);
  expect(updates()).toBe(2);
});

test("a token that another machine replaces at the same moment is sent again", async () => {
  let isFirst = true;
  const { users, updates } = await stage((token, before) => {
    const now = isFirst ? before : token;
    isFirst = false;
    return now;
  });
  await endOne(users);
  expect(updates()).toBe(2);
});

test.each([
  ["does not keep it", TAKEN, "it does not keep which credentials were ended"],
  [
    "refuses it",
    '{"error":{"description":"disk full"}}',
    "it refuses the account of the fleet's hosts: disk full",
  ],
])("a server that %s: it fails, and this machine knows it the next time", async (_, answer, why) => {
  const { users, user, kept } = await stage((_token, before) => before, answer);
  await expect(endOne(users)).rejects.toThrow(why);
  expect(kept()).toMatchObject({ current: [], ended: ended(user) });
});
