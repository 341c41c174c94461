/**
 * A host can make JetStream answer faster than it sends: nats-server keeps the rest in memory, without a bound. docs/fleet.md says what to do:
 * a limit of its memory, a restart each time, and `fleet leave`, which gets through in between.
 */
import { once } from "node:events";
import type { Socket } from "node:net";
import { setTimeout } from "node:timers/promises";
import type { NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  formatNatsSettings,
  inboxOf,
  lastOf,
  listSubject,
  type OperatorStore,
} from "../../src/fleet/index.ts";
import { connectTo } from "../../src/system/fleet-store/nats/connect.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import { makeNatsSettings } from "../../src/system/fleet-store/nats/trust.ts";
import { type NatsServer, type NatsServers, natsReleases } from "../support/fleet/nats-servers.ts";
import { startNatsStore } from "../support/fleet/nats-store.ts";
import { residentMiB } from "../support/resident-mib.ts";

const FLEET = "acme";
const MOST_MIB = 500;
const LOOK_MS = 20;
/** Of a thousand clients. */
const LIST = Array.from({ length: 1_200 }, () => crypto.randomUUID()).join("");

/** As systemd does with `MemoryMax` and `Restart=always`. @returns how often, once the signal is aborted */
async function limitMemory(server: NatsServer, signal: AbortSignal): Promise<number> {
  let times = 0;
  while (!signal.aborted) {
    if (residentMiB(server.pid) > MOST_MIB) {
      times += 1;
      await server.kill();
      await server.start();
    }
    await setTimeout(LOOK_MS);
  }
  return times;
}

/** Sends as fast as the server reads: the library's own `publish` is slower. Until the server ends the connection. */
async function flood(connection: NatsConnection): Promise<void> {
  const { socket } = (connection as unknown as { protocol: { transport: { socket: Socket } } }).protocol
    .transport;
  const get = `PUB ${lastOf(FLEET, listSubject(FLEET))} ${inboxOf(FLEET, "thief")}.x 0\r\n\r\n`;
  const block = Buffer.from(get.repeat(2_000));
  while (!connection.isClosed() && !socket.destroyed)
    if (!socket.write(block))
      await Promise.race([connection.closed(), once(socket, "drain").catch(() => {})]);
  await connection.close();
}

describe.each(await natsReleases())("nats-server of %s", (release) => {
  const settings = makeNatsSettings();
  let servers: NatsServers;
  let address: Awaited<ReturnType<typeof startNatsStore>>["address"];
  const over = new AbortController();
  let limited: Promise<number> | undefined;
  const open = (): OperatorStore =>
    openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);

  beforeAll(async () => {
    ({ servers, address } = await startNatsStore(FLEET, settings, { release }));
  }, 60_000);
  afterAll(async () => {
    over.abort();
    await limited;
    await servers?.[Symbol.asyncDispose]();
  });

  test("a host whose questions fill the memory of a server is put out although the server is ended each time", async () => {
    const operator = open();
    await operator.publish(LIST, 1);
    const credentials = Buffer.from((await operator.admit("thief")) ?? "");
    const who = { credentials, inbox: inboxOf(FLEET, "thief") };
    limited = limitMemory(servers.all[0] as NatsServer, over.signal);
    let [refused, ended] = ["", 0];
    const thief = async () => {
      while (!over.signal.aborted && !refused.includes("Authorization"))
        await connectTo(address, who).then(
          async (connection) => {
            await flood(connection);
            ended += 1;
          },
          (error: Error) => {
            refused = error.message;
            return setTimeout(LOOK_MS);
          },
        );
    };
    const thieves = Array.from({ length: 4 }, thief);
    await expect.poll(() => ended, { timeout: 120_000 }).toBeGreaterThan(4);
    await operator.close();
    // A command fails if the server ends meanwhile; then it is run again.
    const put = async () => {
      const one = open();
      return one
        .expel("thief")
        .then(
          (how) => how,
          (error: Error) => error.message,
        )
        .finally(() => one.close());
    };
    await expect.poll(put, { timeout: 60_000 }).toBe("ended");
    await Promise.all(thieves);
    over.abort();
    expect(await limited).toBeGreaterThan(0);
    const after = open();
    await after.publish("the next list", 2);
    expect(await after.published()).toBe("the next list");
    await after.close();
  }, 300_000);
});
