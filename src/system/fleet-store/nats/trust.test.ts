/** What is believed of what NATS servers say of credentials: only what the fleet's keys have signed. */
import { createAccount, createOperator, decode, encodeAccount, fromSeed } from "@nats-io/jwt";
import { expect, test } from "vitest";
import { MOST_HOSTS } from "../../../fleet/index.ts";
import {
  formatHostKey,
  hostCredentials,
  hostsToken,
  makeNatsSettings,
  readHostKey,
  revocationsIn,
  serverTrust,
} from "./trust.ts";

const FLEET = "acme";
const settings = makeNatsSettings();
const revocations = { [`U${"A".repeat(55)}`]: 1 };

test("revocations count that the fleet's operator has signed, for its account", async () => {
  expect(revocationsIn(await hostsToken(settings, FLEET, revocations), settings)).toEqual(revocations);
});

test("the hosts' account has two places for each host that a fleet may have, and the fleet's has its streams", async () => {
  const hosts = decode<{ limits: object }>(await hostsToken(settings, FLEET, {}));
  expect(hosts.nats.limits).toMatchObject({ conn: 2 * MOST_HOSTS });
  const fleet = decode<{ limits: object }>((await serverTrust(settings, FLEET)).account.token);
  expect(fleet.nats.limits).toMatchObject({ conn: -1, streams: 2, mem_storage: -1 });
});

test("no others count: they would be kept for good", async () => {
  const account = fromSeed(Buffer.from(settings.account));
  const made = { revocations } as unknown as Parameters<typeof encodeAccount>[2];
  const others = [
    await encodeAccount("a", account, made, { signer: createOperator() }),
    await encodeAccount("a", account, made),
    await encodeAccount("a", createAccount(), made, { signer: fromSeed(Buffer.from(settings.operator)) }),
    "",
    "a.b.c",
  ];
  for (const token of others) expect(revocationsIn(token, settings)).toEqual({});
});

test("which credentials a host has is believed of the fleet's account, for this fleet and this host", async () => {
  const { user } = await hostCredentials(settings, FLEET, "one");
  const text = formatHostKey(settings, FLEET, user);
  expect(readHostKey(settings, FLEET, "one", text)).toEqual(user);
  expect(readHostKey(settings, FLEET, "two", text)).toBeNull();
  expect(readHostKey(settings, "other", "one", text)).toBeNull();
  expect(readHostKey(makeNatsSettings(), FLEET, "one", text)).toBeNull();
  const unsigned = `${user.key} ${user.issued} ${"A".repeat(86)}==`;
  expect(readHostKey(settings, FLEET, "one", unsigned, user)).toEqual(user);
  expect(readHostKey(settings, FLEET, "one", unsigned, { ...user, issued: 1 })).toBeNull();
  const later = text.replace(/ \d+ /, " 9999999999 ");
  for (const other of [later, text.slice(0, 56), "", `${text} `, text.replace(/^U./, "UZ")])
    expect(readHostKey(settings, FLEET, "one", other)).toBeNull();
});
