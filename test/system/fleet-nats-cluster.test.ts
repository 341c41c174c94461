/** A fleet's store in a new cluster of NATS servers, of the release that can sync each message to the disk. */

import { randomBytes } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeAccount, fromSeed } from "@nats-io/jwt";
import { expect, test } from "vitest";
import { formatNatsSettings, type ServerTrust } from "../../src/fleet/index.ts";
import { connectTo } from "../../src/system/fleet-store/nats/connect.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import {
  makeNatsSettings,
  operatorCredentials,
  serverTrust,
} from "../../src/system/fleet-store/nats/trust.ts";
import { type NatsServer, natsReleases } from "../support/fleet/nats-servers.ts";
import { startNatsStore } from "../support/fleet/nats-store.ts";
import { mustRun } from "../support/run.ts";

const FLEET = "acme";

/** 2.9 does not know `sync_interval: always`. */
const syncing = (await natsReleases()).filter((release) => release !== "bookworm");

test.each(syncing)(
  "many hosts can be admitted at once to new servers of %s, with sync_interval: always",
  async (release) => {
    const settings = makeNatsSettings();
    const config = (text: string) => text.replace("# sync_interval", "sync_interval");
    const made = await startNatsStore(FLEET, settings, { count: 3, release, config });
    await using _ = made.servers;
    const { address } = made;
    const operator = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
    const names = Array.from({ length: 16 }, (_, at) => `host-${at}`);
    const credentials = await Promise.all(names.map((name) => operator.admit(name)));
    expect(new Set(credentials).size).toBe(names.length);
    await operator.publish("list", 1);
    expect(await operator.published()).toBe("list");
    await operator.close();
  },
  60_000,
);

test("a host is admitted when the servers have heard that the fleet's account may use JetStream", async () => {
  const settings = makeNatsSettings();
  const { account: whole } = await serverTrust(settings, FLEET);
  const token = await withoutStorage(settings);
  const trust = (one: ServerTrust) => ({ ...one, account: { ...one.account, token } });
  const made = await startNatsStore(FLEET, settings, { trust });
  await using _servers = made.servers;
  const { address } = made;
  const operator = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
  const connect = async (seed: string, inbox: string) =>
    connectTo(address, { credentials: await operatorCredentials(seed), inbox });
  const [account, system] = [await connect(settings.account, "_A"), await connect(settings.system, "_S")];
  const asked = account.subscribe("$JS.API.STREAM.INFO.*", { max: 2 });
  const admitted = operator.admit("host");
  // The second question is after the first answer. Without a second one, the refusal ends the test.
  const twice = (async () => {
    for await (const _ of asked);
  })();
  await Promise.race([twice, admitted]);
  await system.request("$SYS.REQ.CLAIMS.UPDATE", whole.token, { timeout: 5_000 });
  expect(await admitted).toContain("BEGIN NATS USER JWT");
  await Promise.all([account.close(), system.close(), operator.close()]);
}, 60_000);

/** As a server has it that has not heard of the account's storage yet. */
const withoutStorage = ({ account, operator }: ReturnType<typeof makeNatsSettings>): Promise<string> => {
  const pairOf = (seed: string) => fromSeed(Buffer.from(seed));
  const limits = { subs: -1, data: -1, payload: -1, conn: -1 };
  return encodeAccount("fleet", pairOf(account), { limits } as never, { signer: pairOf(operator) });
};

test("a server whose disk is full takes no newer list; what is there stays, and newer ones come when there is room", async () => {
  const settings = makeNatsSettings();
  const made = await startNatsStore(FLEET, settings);
  await using servers = made.servers;
  const { address } = made;
  const [server] = servers.all as readonly [NatsServer];
  const data = join(server.folder, "data");
  await server.kill();
  await mustRun(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", data]);
  try {
    await server.start();
    const operator = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
    await operator.publish("before", 1);
    await writeFile(join(data, "full"), "x".repeat(2 ** 20)).catch(() => {});
    // Does not get smaller when it is packed.
    const large = randomBytes(96 * 1024).toString("base64");
    // The server ends JetStream, so nobody answers.
    await expect(operator.publish(large, 2)).rejects.toMatchObject({ code: "FLEET_STORE_FAILED" });
    await rm(join(data, "full"));
    await server.kill();
    await server.start();
    expect(await operator.published()).toBe("before");
    await operator.publish(large, 3);
    expect(await operator.published()).toBe(large);
    await operator.close();
  } finally {
    await server.kill();
    await mustRun(["umount", data]);
  }
}, 120_000);
