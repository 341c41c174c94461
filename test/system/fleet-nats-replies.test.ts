/**
 * A host's credentials, and where it wants its answers: NATS does not check that subject, and the servers themselves write there. With
 * message ids, which are a stream's, and with floods of what the servers can be made to send. On both releases of nats-server.
 */
import { headers, type NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answerSubject,
  askSecret,
  askSubject,
  formatNatsSettings,
  formatReceipt,
  hostsSubject,
  inboxOf,
  keySubject,
  lastOf,
  listSubject,
  type OperatorStore,
  proposalSubject,
  receiptSubject,
  type StoreState,
  streamOf,
} from "../../src/fleet/index.ts";
import { connectTo } from "../../src/system/fleet-store/nats/connect.ts";
import { openNatsStore } from "../../src/system/fleet-store/nats/host/host-store.ts";
import { HostCredentials } from "../../src/system/fleet-store/nats/host-credentials.ts";
import { KnownUsers } from "../../src/system/fleet-store/nats/known-users.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import { lastMessage, subjectsIn } from "../../src/system/fleet-store/nats/stream.ts";
import { makeNatsSettings, operatorCredentials } from "../../src/system/fleet-store/nats/trust.ts";
import { type NatsServers, natsReleases } from "../support/fleet/nats-servers.ts";
import { startNatsStore } from "../support/fleet/nats-store.ts";
import { NO_QUESTION } from "../support/fleet/no-question.ts";
import { sampleReceipt } from "../support/fleet/sample-fleet.ts";
import { residentMiB } from "../support/resident-mib.ts";

const FLEET = "acme";
const GET = lastOf(FLEET, listSubject(FLEET));
const STREAM = streamOf(FLEET);
/** Too much for one minute of a host's connection, if it all came. */
const FLOOD = 3_000;

describe.each(await natsReleases())("nats-server of %s", (release) => {
  const settings = makeNatsSettings();
  let servers: NatsServers;
  let address: Parameters<typeof connectTo>[0];
  let operator: OperatorStore;
  let admin: NatsConnection;
  let thief: NatsConnection;
  let credentials: string;
  let version = 0;
  const publish = (text: string) => operator.publish(text, ++version);

  beforeAll(async () => {
    ({ servers, address } = await startNatsStore(FLEET, settings, { release }));
    operator = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
    await publish("a list");
    const stolen = Buffer.from((await operator.admit("thief")) ?? "");
    thief = await connectTo(address, { credentials: stolen, inbox: inboxOf(FLEET, "thief") });
    admin = await connectTo(address, {
      credentials: await operatorCredentials(settings.account),
      inbox: "_INBOX.admin",
    });
    credentials = (await operator.admit("honest")) ?? "";
  }, 120_000);
  afterAll(async () => {
    for (const one of [thief, admin, operator]) await one?.close();
    await servers?.[Symbol.asyncDispose]();
  });

  /** The host's own subjects, each with its answer elsewhere. */
  async function steal(reply: string): Promise<void> {
    thief.publish(receiptSubject(FLEET, "thief"), "junk", { reply });
    for (const data of ["", "no request"]) thief.publish(GET, data, { reply });
    await thief.flush();
    // The servers have done all of it when they do this.
    await thief.request(GET, undefined, { timeout: 5_000 });
    await admin.flush();
  }

  test("the servers answer to no subject of the fleet's account", async () => {
    const receipt = formatReceipt(sampleReceipt("honest", 7));
    admin.publish(receiptSubject(FLEET, "honest"), receipt);
    const heard: string[] = [];
    const listening = ["tetherdock.>", "tetherdock-ask.>", "tetherdock-answer.>", "$JS.API.STREAM.>"].map(
      (subject) => admin.subscribe(subject, { callback: (_, message) => void heard.push(message.subject) }),
    );
    await admin.flush();
    const replies = [
      ...[listSubject(FLEET), hostsSubject(FLEET), proposalSubject(FLEET), keySubject(FLEET, "honest")],
      ...[receiptSubject(FLEET, "honest"), answerSubject(FLEET, "honest", "1"), `tetherdock.${FLEET}.other`],
      ...["PURGE", "DELETE", "UPDATE"].map((verb) => `$JS.API.STREAM.${verb}.${STREAM}`),
      askSubject(FLEET, "honest", askSecret(settings.account, FLEET, "honest")),
    ];
    for (const reply of replies) await steal(reply);
    for (const one of listening) one.unsubscribe();
    expect(new Set(heard)).toEqual(new Set([receiptSubject(FLEET, "thief")]));
    expect(await operator.published()).toBe("a list");
    expect((await lastMessage(admin, FLEET, receiptSubject(FLEET, "honest")))?.string()).toBe(receipt);
    expect((await subjectsIn(admin, FLEET, `tetherdock.${FLEET}.*`)).toSorted()).toEqual([
      listSubject(FLEET),
    ]);
  });

  test("message ids that a host has used up keep nothing from being published", async () => {
    for (let next = version + 1; next < version + 20; next += 1) {
      const ids = headers();
      ids.set("Nats-Msg-Id", `version ${next}`);
      await thief.request(receiptSubject(FLEET, "thief"), "junk", { headers: ids, timeout: 5_000 });
    }
    await publish("the next list");
    expect(await operator.published()).toBe("the next list");
  });

  test("a flood of a host's receipts neither holds up a list nor fills the server's memory", async () => {
    const flooder = await connectTo(address, {
      credentials: Buffer.from((await operator.admit("flooder")) ?? ""),
      inbox: inboxOf(FLEET, "flooder"),
    });
    const receipt = Buffer.alloc(60_000, "x");
    let isOver = false;
    let mostMiB = 0;
    const flooding = (async () => {
      for (let sent = 1; !isOver; sent += 1) {
        flooder.publish(receiptSubject(FLEET, "flooder"), receipt);
        if (sent % 200 === 0) await flooder.flush();
      }
    })();
    for (let lists = 0; lists < 200; lists += 1) {
      await publish(`beside the flood ${lists}`);
      mostMiB = Math.max(mostMiB, residentMiB(servers.all[0]?.pid ?? 0));
    }
    isOver = true;
    await flooding;
    expect(mostMiB).toBeLessThan(300);
    expect(await operator.expel("flooder")).toBe("ended");
    await flooder.closed();
  }, 120_000);

  test("message ids of a host are forgotten at once: they do not fill the servers' memory", async () => {
    const ids = headers();
    ids.set("Nats-Msg-Id", "again");
    const isDuplicate = async () => {
      const answer = await thief.request(receiptSubject(FLEET, "thief"), "junk", {
        headers: ids,
        timeout: 5_000,
      });
      return answer.json<{ readonly duplicate?: boolean }>().duplicate ?? false;
    };
    await isDuplicate();
    await expect.poll(isDuplicate, { timeout: 5_000 }).toBe(false);
  });

  test.each([
    "NATS/1.0\r\na b: no name of a field\r\n\r\n",
    "NATS/1.0 503\r\n\r\n",
    "NATS/1.0 404 Message Not Found\r\n\r\n",
    "no head\r\n\r\n",
  ])("a receipt with the headers %j does not stop other receipts from being read", async (text) => {
    const reader = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
    const raw = { encode: () => Buffer.from(text) } as unknown as ReturnType<typeof headers>;
    admin.publish(receiptSubject(FLEET, "honest"), formatReceipt(sampleReceipt("honest", version)));
    await admin.flush();
    for (const body of ["", "junk"]) {
      thief.publish(receiptSubject(FLEET, "thief"), body, { headers: raw });
      await thief.flush();
      const over = new AbortController();
      const batches = reader.receipts(["honest", "thief"], over.signal) ?? [];
      for await (const batch of batches) {
        expect(batch.map(({ host }) => host)).toEqual(["honest"]);
        over.abort();
      }
    }
    await reader.close();
  });

  test("malformed headers in one host's answer do not stop another host's answer", async () => {
    const askedAt = (host: string) => askSubject(FLEET, host, askSecret(settings.account, FLEET, host));
    const raw = { encode: () => Buffer.from("NATS/1.0\r\na b: x\r\n\r\n") } as unknown as ReturnType<
      typeof headers
    >;
    const poisoning = thief.subscribe(askedAt("thief"), {
      callback: (_, { reply = "" }) => thief.publish(reply, "", { headers: raw }),
    });
    const honest = await connectTo(address, {
      credentials: Buffer.from(credentials),
      inbox: inboxOf(FLEET, "honest"),
    });
    const question = Promise.withResolvers<string>();
    honest.subscribe(askedAt("honest"), { callback: (_, { reply = "" }) => question.resolve(reply) });
    for (const one of [thief, honest]) await one.flush();
    const reader = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
    const answer = reader.ask?.("honest", "a question", 20_000);
    const reply = await question.promise;
    await expect(reader.ask?.("thief", "a question", 20_000)).rejects.toThrow("it does not listen there");
    honest.publish(reply, "an answer");
    expect(await answer).toBe("an answer");
    poisoning.unsubscribe();
    for (const one of [reader, honest]) await one.close();
  });

  test("a host that answers each question many times does not cost the operator the connection", async () => {
    const askedAt = (host: string) => askSubject(FLEET, host, askSecret(settings.account, FLEET, host));
    const answers = Array.from({ length: 5 }, () => "x".repeat(900_000));
    const flooding = thief.subscribe(askedAt("thief"), {
      callback: (_, { reply = "" }) => {
        for (const one of answers) thief.publish(reply, one);
      },
    });
    const honest = await connectTo(address, {
      credentials: Buffer.from(credentials),
      inbox: inboxOf(FLEET, "honest"),
    });
    honest.subscribe(askedAt("honest"), { callback: (_, { reply = "" }) => honest.publish(reply, "true") });
    for (const one of [thief, honest]) await one.flush();
    const reader = openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);
    for (let questions = 0; questions < 20; questions += 1) {
      expect((await reader.ask?.("thief", "a question", 20_000))?.length).toBe(900_000);
      expect(await reader.ask?.("honest", "a question", 20_000)).toBe("true");
    }
    flooding.unsubscribe();
    for (const one of [reader, honest]) await one.close();
  }, 60_000);

  test("credentials are ended even while JetStream does not answer", async () => {
    const system = await connectTo(address, {
      credentials: await operatorCredentials(settings.system),
      inbox: "_INBOX.system",
    });
    let text = formatNatsSettings(settings);
    const keep = async (change: (before: string) => string) => {
      text = change(text);
    };
    const users = new KnownUsers({ settings, fleet: FLEET, keep, system: async () => system });
    const credentials = new HostCredentials(settings, FLEET, users);
    const theirs = Buffer.from(await credentials.make(admin, "flooder"));
    const flooder = await connectTo(address, { credentials: theirs, inbox: inboxOf(FLEET, "flooder") });
    const isFlooded = () => Promise.reject<NatsConnection>(new Error("timeout"));
    expect(await credentials.end("flooder", isFlooded)).toBe("ended");
    await flooder.closed();
    await expect(credentials.end("unknown", isFlooded)).rejects.toThrow("timeout");
    await system.close();
  });

  test("what a host makes the servers send to where the others hear lists does not cost them their connection", async () => {
    const [texts, states]: [string[], StoreState[]] = [[], []];
    const access = { address, fleet: FLEET, host: "honest", credentials, onQuestion: NO_QUESTION };
    const store = openNatsStore({ ...access, onState: (state) => states.push(state) });
    const over = new AbortController();
    const reading = (async () => {
      for await (const text of store.publications(over.signal)) texts.push(text);
    })();
    const long = Array.from({ length: 2_000 }, () => crypto.randomUUID()).join("");
    await publish(long);
    await expect.poll(() => texts.at(-1)).toBe(long);
    for (let time = 0; time < FLOOD; time += 1) thief.publish(GET, undefined, { reply: listSubject(FLEET) });
    await thief.flush();
    await thief.request(GET, undefined, { timeout: 60_000 });
    await publish("after the flood");
    await expect.poll(() => texts.at(-1)).toBe("after the flood");
    expect(states).toEqual([{ is: "connected" }]);
    over.abort();
    await reading;
    await store.close();
  }, 120_000);
});
