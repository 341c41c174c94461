/** A fleet's store in a real NATS server: what a host and the operator can do, and what the server refuses a host. */

import { type AddressInfo, createConnection, createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  allQuestions,
  answerSubject,
  askSecret,
  askSubject,
  formatNatsSettings,
  type HostReceipt,
  type HostStore,
  hostsSubject,
  inboxOf,
  keySubject,
  lastOf,
  listSubject,
  MOST_ANSWER,
  MOST_QUESTION,
  type NatsSettings,
  type OperatorStore,
  pack,
  proposalSubject,
  receiptSubject,
  type StoreAddress,
  type StoreState,
  streamOf,
} from "../../src/fleet/index.ts";
import { connectTo } from "../../src/system/fleet-store/nats/connect.ts";
import { openNatsStore } from "../../src/system/fleet-store/nats/host/host-store.ts";
import { openNatsOperatorStore } from "../../src/system/fleet-store/nats/operator-store.ts";
import { makeNatsSettings, operatorCredentials } from "../../src/system/fleet-store/nats/trust.ts";
import { makeCertificates } from "../cli/sample-line.ts";
import type { NatsServers } from "../support/fleet/nats-servers.ts";
import { startNatsStore } from "../support/fleet/nats-store.ts";
import { NO_QUESTION } from "../support/fleet/no-question.ts";
import { sampleReceipt } from "../support/fleet/sample-fleet.ts";

const FLEET = "acme";
let settings: NatsSettings;
let servers: NatsServers;
let address: StoreAddress;
let operator: OperatorStore;
let version = 0;

beforeAll(async () => {
  settings = makeNatsSettings();
  ({ servers, address } = await startNatsStore(FLEET, settings));
  operator = operatorAnew();
}, 60_000);
afterAll(async () => {
  await operator?.close();
  await servers?.[Symbol.asyncDispose]();
});

interface Reader extends AsyncDisposable {
  readonly store: HostStore;
  readonly texts: string[];
  readonly states: StoreState[];
}

function read(host: string, credentials: string, at = address, onQuestion = NO_QUESTION): Reader {
  const [texts, states]: [string[], StoreState[]] = [[], []];
  const access = { address: at, fleet: FLEET, host, credentials };
  const store = openNatsStore({ ...access, onState: (state) => states.push(state), onQuestion });
  const over = new AbortController();
  const reading = (async () => {
    for await (const text of store.publications(over.signal)) texts.push(text);
  })();
  return {
    ...{ store, texts, states },
    async [Symbol.asyncDispose]() {
      over.abort();
      await reading;
      await store.close();
    },
  };
}

const askedAt = (host: string): string => askSubject(FLEET, host, askSecret(settings.account, FLEET, host));

const operatorAnew = (): OperatorStore =>
  openNatsOperatorStore({ address, settings: formatNatsSettings(settings) }, FLEET);

const until = (reader: Reader, text: string) => expect.poll(() => reader.texts.at(-1)).toBe(text);

test("a host gets the list that is there, and each new one at once", async () => {
  await operator.publish("first", ++version);
  expect(await operator.published()).toBe("first");
  const credentials = await operator.admit("one");
  await using one = read("one", credentials ?? "");
  await until(one, "first");
  expect(one.states).toEqual([{ is: "connected" }]);
  await operator.publish("second", ++version);
  await until(one, "second");
  await operator.publish("second", version);
  await operator.publish("third", ++version);
  await until(one, "third");
  expect(one.texts).toEqual(["first", "second", "third"]);
});

test("of two machines that publish a version at the same moment, one is told; the same list again is fine", async () => {
  const other = operatorAnew();
  version += 1;
  const both = await Promise.allSettled([operator.publish("one", version), other.publish("two", version)]);
  const [won, lost] = both[0].status === "fulfilled" ? [both[0], both[1]] : [both[1], both[0]];
  expect([won.status, lost.status]).toEqual(["fulfilled", "rejected"]);
  expect(lost).toMatchObject({
    reason: {
      code: "FLEET_STORE_FAILED",
      why: [expect.stringContaining("another machine has published another list")],
    },
  });
  const there = (await operator.published()) ?? "";
  expect(there).toBe(won === both[0] ? "one" : "two");
  await other.publish(there, version);
  expect(await operator.published()).toBe(there);
  await other.close();
});

test("the operator gets the receipts that are there, and new ones; nobody writes for another", async () => {
  await using two = read("two.example", (await operator.admit("two.example")) ?? "");
  await expect.poll(() => two.states.at(-1)?.is).toBe("connected");
  await two.store.acknowledge(sampleReceipt("two.example", 1));
  const over = new AbortController();
  const batches: HostReceipt[][] = [];
  const listening = (async () => {
    const receipts = operator.receipts(["two.example", "none"], over.signal);
    if (receipts !== null) for await (const batch of receipts) batches.push([...batch]);
  })();
  await expect.poll(() => batches.flat().map(({ inForce }) => inForce)).toEqual([1]);
  await two.store.acknowledge(sampleReceipt("two.example", 2));
  await expect.poll(() => batches.flat().map(({ inForce }) => inForce)).toEqual([1, 2]);
  await two.store.acknowledge(sampleReceipt("other", 3));
  await two.store.acknowledge(sampleReceipt("two.example", 4));
  await expect.poll(() => batches.flat().map(({ inForce }) => inForce)).toEqual([1, 2, 4]);
  over.abort();
  await listening;
});

test("no receipt is missed that is passed on after the call, also if it is not in the stream yet when that is read", async () => {
  await using five = read("five", (await operator.admit("five")) ?? "");
  await expect.poll(() => five.states.at(-1)?.is).toBe("connected");
  const over = new AbortController();
  const receipts = operator.receipts(["five"], over.signal) ?? [];
  // The servers have the subscription when they have answered.
  await operator.published();
  await five.store.acknowledge(sampleReceipt("five", 1));
  // Takes the receipt out of the stream, as if it were on its way to the disk.
  await operator.expel("five");
  const found: number[][] = [];
  for await (const batch of receipts) {
    found.push(batch.map(({ inForce }) => inForce));
    if (found.length === 2) break;
  }
  expect(found).toEqual([[], [1]]);
});

test("what operators tell each other of the hosts is there for them, and a list that came too late leaves it", async () => {
  const other = operatorAnew();
  expect(await other.publishedHosts()).toBeNull();
  await operator.publish("first", ++version, "hosts of the first");
  expect(await other.publishedHosts()).toBe("hosts of the first");
  await expect(other.publish("second", version, "hosts of the second")).rejects.toMatchObject({
    code: "FLEET_STORE_FAILED",
  });
  expect([await other.published(), await other.publishedHosts()]).toEqual(["first", "hosts of the first"]);
  await other.close();
});

test("a host's credentials are refused everything else", async () => {
  await operator.publish("the list", ++version);
  const credentials = Buffer.from((await operator.admit("three")) ?? "");
  const connection = await connectTo(address, { credentials, inbox: inboxOf(FLEET, "three") });
  const refused: string[] = [];
  void (async () => {
    for await (const status of connection.status())
      if (status.type === "error") refused.push(status.error.message);
  })();
  const stream = streamOf(FLEET);
  const forbidden = [
    listSubject(FLEET),
    receiptSubject(FLEET, "two.example"),
    receiptSubject(FLEET, "*"),
    lastOf(FLEET, receiptSubject(FLEET, "two.example")),
    hostsSubject(FLEET),
    lastOf(FLEET, hostsSubject(FLEET)),
    proposalSubject(FLEET),
    lastOf(FLEET, proposalSubject(FLEET)),
    keySubject(FLEET, "three"),
    lastOf(FLEET, keySubject(FLEET, "one")),
    `$JS.API.STREAM.DELETE.${stream}`,
    `$JS.API.STREAM.PURGE.${stream}`,
    `$JS.API.STREAM.UPDATE.${stream}`,
    `$JS.API.STREAM.CREATE.other`,
    `$JS.API.STREAM.MSG.DELETE.${stream}`,
    `$JS.API.STREAM.MSG.GET.${stream}`,
    `$JS.API.CONSUMER.CREATE.${stream}`,
    "$SYS.REQ.SERVER.PING",
    askedAt("one"),
    askedAt("three"),
    answerSubject(FLEET, "one", "x"),
    `${inboxOf(FLEET, "one")}.x`,
  ];
  for (const subject of forbidden) {
    connection.publish(subject, "forged");
    await connection.flush();
  }
  await expect.poll(() => refused.length).toBe(forbidden.length);
  for (const [at, subject] of forbidden.entries())
    expect(refused[at]).toContain(`Permissions Violation for Publish to "${subject}"`);
  const heard = [
    ">",
    hostsSubject(FLEET),
    proposalSubject(FLEET),
    keySubject(FLEET, "three"),
    `tetherdock.${FLEET}.receipt.*`,
    `${inboxOf(FLEET, "one")}.>`,
    "_INBOX.operator.>",
    askedAt("one"),
    askSubject(FLEET, "three", "*"),
    allQuestions(FLEET),
    answerSubject(FLEET, "three", "*"),
    answerSubject(FLEET, "one", "*"),
  ];
  const errors = await Promise.all(
    heard.map(
      (subject) =>
        new Promise((resolve) =>
          connection.subscribe(subject, { callback: (error) => resolve(error?.message) }),
        ),
    ),
  );
  for (const [at, subject] of heard.entries())
    expect(errors[at]).toContain(`Permissions Violation for Subscription to "${subject}"`);
  expect(await operator.published()).toBe("the list");
  await connection.close();
});

test("a host cannot answer in the stream's place what it hears published", async () => {
  const credentials = Buffer.from((await operator.admit("liar")) ?? "");
  const connection = await connectTo(address, { credentials, inbox: inboxOf(FLEET, "liar") });
  const refused: string[] = [];
  void (async () => {
    for await (const status of connection.status())
      if (status.type === "error") refused.push(status.error.message);
  })();
  const heard: (string | undefined)[] = [];
  connection.subscribe(listSubject(FLEET), {
    callback: (_, message) => {
      heard.push(message.reply);
      message.respond('{"error":{"code":500,"description":"forged"}}');
    },
  });
  await connection.flush();
  await operator.publish("published all the same", ++version);
  await expect.poll(() => refused.length).toBe(1);
  expect(refused[0]).toContain(`Permissions Violation for Publish to "${heard[0]}"`);
  await connection.close();
});

test("a host answers what an operator asks, one that is away or was expelled does not", async () => {
  const asked: string[] = [];
  const onQuestion = async (question: string) => {
    asked.push(question);
    return `answer to ${question}`;
  };
  const ask = (host: string, question: string) => operator.ask?.(host, question, 5_000);
  const credentials = (await operator.admit("dot.ted")) ?? "";
  await using reader = read("dot.ted", credentials, address, onQuestion);
  await expect.poll(() => reader.states.at(-1)?.is).toBe("connected");
  expect(await ask("dot.ted", "one")).toBe("answer to one");
  const all = Array.from({ length: 50 }, (_, at) => `q${at}`);
  expect(await Promise.all(all.map((text) => ask("dot.ted", text)))).toEqual(
    all.map((text) => `answer to ${text}`),
  );
  await expect(ask("nobody", "two")).rejects.toMatchObject({
    code: "GATEWAY_UNREACHABLE",
    message: expect.stringContaining("cannot ask nobody"),
    hints: ["tetherdock upgrade nobody", "tetherdock fleet join nobody"],
  });
  await operator.expel("dot.ted");
  await expect.poll(() => reader.states.at(-1)?.is).toBe("lost");
  await expect(ask("dot.ted", "three")).rejects.toMatchObject({ code: "GATEWAY_UNREACHABLE" });
  expect(asked).toHaveLength(51);
});

test("a question that is longer than one can be is not passed on", async () => {
  const asked: string[] = [];
  const onQuestion = async (question: string) => {
    asked.push(question);
    return "an answer";
  };
  await using reader = read("long", (await operator.admit("long")) ?? "", address, onQuestion);
  await expect.poll(() => reader.states.at(-1)?.is).toBe("connected");
  await expect(operator.ask?.("long", "x".repeat(MOST_QUESTION + 1), 300)).rejects.toThrow();
  expect(await operator.ask?.("long", "x".repeat(MOST_QUESTION), 5_000)).toBe("an answer");
  expect(asked.map(({ length }) => length)).toEqual([MOST_QUESTION]);
});

test("answers of more than 16 MiB in a minute come, as they were asked for", async () => {
  const onQuestion = async () => "x".repeat(MOST_ANSWER);
  await using reader = read("long", (await operator.admit("long")) ?? "", address, onQuestion);
  await expect.poll(() => reader.states.at(-1)?.is).toBe("connected");
  for (let time = 0; time < 40; time += 1)
    expect((await operator.ask?.("long", "more", 5_000))?.length).toBe(MOST_ANSWER);
});

test("an answer that the server would not take is no answer, and the host answers the next question", async () => {
  const onQuestion = async (question: string) => (question === "short" ? "answer" : "x".repeat(4_000_000));
  await using reader = read("wordy", (await operator.admit("wordy")) ?? "", address, onQuestion);
  await expect.poll(() => reader.states.at(-1)?.is).toBe("connected");
  await expect(operator.ask?.("wordy", "long", 300)).rejects.toMatchObject({ code: "FLEET_STORE_FAILED" });
  expect(await operator.ask?.("wordy", "short", 5_000)).toBe("answer");
});

/** As a host that somebody has taken over. */
const connectAs = (host: string, credentials: string) =>
  connectTo(address, { credentials: Buffer.from(credentials), inbox: inboxOf(FLEET, host) });

test("questions that were answered leave little room for a flood: the operator's connection ends", async () => {
  const asker = operatorAnew();
  const credentials = (await asker.admit("flood")) ?? "";
  {
    await using reader = read("flood", credentials, address, async () => "answer");
    await expect.poll(() => reader.states.at(-1)?.is).toBe("connected");
    for (let time = 0; time < 50; time += 1) await asker.ask?.("flood", `q${time}`, 5_000);
  }
  // Somebody with the fleet's account hears where the operator gets its answers.
  const thief = await connectTo(address, {
    credentials: await operatorCredentials(settings.account),
    inbox: "_INBOX.thief",
  });
  const answers = thief.subscribe("_INBOX.operator.>", { max: 1 });
  await thief.flush();
  await asker.published();
  let inbox = "";
  for await (const { subject } of answers) inbox = subject.replace(/[.][^.]*$/, "");
  const flooding = async () => {
    for (let time = 0; time < 80; time += 1) thief.publish(`${inbox}.x`, new Uint8Array(MOST_ANSWER));
    await thief.flush();
  };
  thief.subscribe(askedAt("silent"), { callback: () => void flooding() });
  await thief.flush();
  await expect(asker.ask?.("silent", "q", 20_000)).rejects.toMatchObject({
    ...{ code: "FLEET_STORE_FAILED", why: [expect.stringMatching(/connection|bytes in a minute/)] },
  });
  await thief.close();
  await asker.close();
});

/** Hears until it is aborted. @returns the hosts whose receipts came, and what it failed with */
function hear(hosts: readonly string[], signal: AbortSignal) {
  const heard: string[] = [];
  const over = (async () => {
    for await (const batch of operator.receipts(hosts, signal) ?? [])
      heard.push(...batch.map(({ host, inForce }) => `${host} ${inForce}`));
  })().then(
    () => null,
    (error: Error) => error.message,
  );
  return { heard, over };
}

test("a host that floods its own receipt costs the others nothing, whatever it has put in the stream", async () => {
  const names = Array.from({ length: 20 }, (_, at) => `hostile-${at}`);
  const hostile = await Promise.all(
    names.map(async (name) => connectAs(name, (await operator.admit(name)) ?? "")),
  );
  const long = new Uint8Array(MOST_ANSWER);
  for (const [at, one] of hostile.entries()) {
    one.publish(receiptSubject(FLEET, names[at] ?? ""), long);
    await one.flush();
  }
  await using good = read("good", (await operator.admit("good")) ?? "");
  await expect.poll(() => good.states.at(-1)?.is).toBe("connected");
  await good.store.acknowledge(sampleReceipt("good", 1));
  const over = new AbortController();
  const { heard, over: end } = hear(["good", ...names], over.signal);
  await expect.poll(() => heard).toEqual(["good 1"]);
  const [first] = hostile;
  for (const message of [long, new TextEncoder().encode(JSON.stringify(sampleReceipt("hostile-0", 9)))])
    for (let time = 0; time < (message === long ? 40 : 10_000); time += 1) {
      first?.publish(receiptSubject(FLEET, "hostile-0"), message);
      if (time % 500 === 0) await first?.flush();
    }
  for (const [at, one] of hostile.entries()) {
    for (let time = 0; time < 4; time += 1) one.publish(receiptSubject(FLEET, names[at] ?? ""), long);
    await one.flush();
  }
  await good.store.acknowledge(sampleReceipt("good", 2));
  await expect.poll(() => heard).toContain("good 2");
  over.abort();
  expect(await end).toBeNull();
  await Promise.all(hostile.map((one) => one.close()));
}, 60_000);

test("a host that writes many receipts is heard to the last", async () => {
  await using busy = read("busy", (await operator.admit("busy")) ?? "");
  await expect.poll(() => busy.states.at(-1)?.is).toBe("connected");
  const over = new AbortController();
  const { heard } = hear(["busy"], over.signal);
  for (let version = 1; version <= 30; version += 1)
    await busy.store.acknowledge(sampleReceipt("busy", version));
  await expect.poll(() => heard).toContain("busy 30");
  over.abort();
});

test("receipts end when they are not wanted any more while the operator's connection is made anew", async () => {
  const over = new AbortController();
  let knocks = 0;
  const slow = createServer((socket) => {
    knocks += 1;
    socket.on("error", () => {});
    if (knocks === 1) return void socket.destroy();
    over.abort();
    const there = createConnection(Number(new URL(servers.urls[0] ?? "").port), "127.0.0.1");
    there.on("error", () => {}).pipe(socket);
    socket.pipe(there);
  });
  await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
  const at = { ...address, urls: [`nats://127.0.0.1:${(slow.address() as AddressInfo).port}`] };
  const late = openNatsOperatorStore({ address: at, settings: formatNatsSettings(settings) }, FLEET);
  for await (const _ of late.receipts(["one"], over.signal) ?? []);
  expect(knocks).toBe(2);
  await late.close();
  slow.close();
});

test("receipts go on when the operator's connection is cut, and the servers start again", async () => {
  const asker = operatorAnew();
  await using host = read("late", (await asker.admit("late")) ?? "");
  await expect.poll(() => host.states.at(-1)?.is).toBe("connected");
  const over = new AbortController();
  const heard: number[] = [];
  const reading = (async () => {
    for await (const batch of asker.receipts(["late"], over.signal) ?? [])
      heard.push(...batch.map(({ inForce }) => inForce));
  })();
  await host.store.acknowledge(sampleReceipt("late", 1));
  await expect.poll(() => heard).toContain(1);
  const [server] = servers.all;
  await server?.kill();
  await server?.start();
  await expect.poll(() => host.states.at(-1)?.is, { timeout: 20_000 }).toBe("connected");
  // A server alone has lost the stream, until an operator asks for it; a host tries again by itself.
  const isTaken = () =>
    host.store.acknowledge(sampleReceipt("late", 2)).then(
      () => true,
      () => false,
    );
  await expect.poll(isTaken, { timeout: 30_000 }).toBe(true);
  await expect.poll(() => heard).toContain(2);
  over.abort();
  await reading;
  await asker.close();
}, 60_000);

test("a host that is admitted again or expelled loses its old credentials, and its connection", async () => {
  await operator.publish("before", ++version);
  const old = (await operator.admit("four")) ?? "";
  await using four = read("four", old);
  await until(four, "before");
  const renewed = (await operator.admit("four")) ?? "";
  await expect.poll(() => four.states.at(-1)?.is).toBe("lost");
  await using again = read("four", renewed);
  await until(again, "before");
  await operator.expel("four");
  await expect.poll(() => again.states.at(-1)?.is).toBe("lost");
  await operator.publish("after", ++version);
  await using five = read("five", (await operator.admit("five")) ?? "");
  await until(five, "after");
  expect([four.texts, again.texts]).toEqual([["before"], ["before"]]);
});

test("a server that was killed, and one that lost its data: the host says so, and goes on when it is back", async () => {
  const [server] = servers.all;
  await operator.publish("kept", ++version);
  await using six = read("six", (await operator.admit("six")) ?? "");
  await until(six, "kept");
  await server?.kill();
  await expect.poll(() => six.states.at(-1)?.is).toBe("lost");
  await expect(six.store.acknowledge(sampleReceipt("six", 1))).rejects.toThrow("there is no connection");
  await server?.start();
  await expect.poll(() => six.states.at(-1)?.is, { timeout: 20_000 }).toBe("connected");
  const fresh = operatorAnew();
  expect(await fresh.published()).toBe("kept");
  await fresh.close();
  await server?.wipe();
  await server?.start();
  const anew = operatorAnew();
  expect(await anew.published()).toBeNull();
  await anew.publish("anew", ++version);
  await expect.poll(() => six.texts.at(-1), { timeout: 20_000 }).toBe("anew");
  await anew.close();
});

test("what is in the store is given as it is, but not more than a list has", async () => {
  const admin = await connectTo(address, {
    credentials: await operatorCredentials(settings.account),
    inbox: "_INBOX.operator",
  });
  await using seven = read("seven", (await operatorAnew().admit("seven")) ?? "");
  await expect.poll(() => seven.states.at(-1)?.is).toBe("connected");
  const lost = (why: string) =>
    expect.poll(() => seven.states.at(-1)).toMatchObject({ is: "lost", why: expect.stringContaining(why) });
  admin.publish(listSubject(FLEET), gzipSync(Buffer.alloc(256 * 1024 ** 2)));
  await lost("its list is longer than 2097152 bytes");
  admin.publish(listSubject(FLEET), "\u0000garbage");
  await lost("its list cannot be unpacked");
  admin.publish(listSubject(FLEET), pack("\u0000garbage"));
  await until(seven, "\u0000garbage");
  await admin.close();
});

test("who offers no TLS in a server's place gets no credentials", async () => {
  const heard: Buffer[] = [];
  const plain = createServer((socket) => {
    socket.on("error", () => {}).on("data", (bytes: Buffer) => heard.push(bytes));
    socket.write(
      'INFO {"server_id":"x","version":"2.9.10","nonce":"abc","max_payload":1048576,"proto":1}\r\n',
    );
  });
  await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
  const at = { ...address, urls: [`nats://127.0.0.1:${(plain.address() as AddressInfo).port}`] };
  {
    await using nine = read("nine", (await operatorAnew().admit("nine")) ?? "", at);
    await expect
      .poll(() => nine.states.at(-1))
      .toMatchObject({ why: expect.stringContaining("does not support 'tls'") });
  }
  plain.close();
  expect(Buffer.concat(heard).toString()).not.toMatch(/jwt|sig|CONNECT/);
});

test("a server that says nothing is left, with the connection to it", async () => {
  let open = 0;
  const silent = createServer((socket) => {
    open += 1;
    socket.on("error", () => {}).on("close", () => (open -= 1));
    socket.resume();
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const at = { ...address, urls: [`nats://127.0.0.1:${(silent.address() as AddressInfo).port}`] };
  await using ten = read("ten", (await operatorAnew().admit("ten")) ?? "", at);
  await expect.poll(() => open).toBe(1);
  await expect.poll(() => ten.states.at(-1)?.is, { timeout: 20_000 }).toBe("lost");
  await expect.poll(() => open).toBe(0);
  silent.close();
});

test("the server that a host has just lost is tried last", async () => {
  let knocks = 0;
  const silent = createServer((socket) => {
    knocks += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as AddressInfo;
  const both = { ...address, urls: [`nats://127.0.0.1:${port}`, ...address.urls] };
  const credentials = Buffer.from((await operator.admit("wanderer")) ?? "");
  const connect = async (lost: string | null) =>
    (await connectTo(both, { credentials, inbox: inboxOf(FLEET, "wanderer") }, { lost })).close();
  for (let time = 0; time < 20; time += 1) await connect(`127.0.0.1:${port}`);
  expect(knocks).toBe(0);
  for (let time = 0; time < 20; time += 1) await connect(null);
  expect(knocks).toBeGreaterThan(0);
  silent.close();
});

test("a server of another CA gets nothing", async () => {
  const other = { ...address, ca: makeCertificates(10).ca };
  await using eight = read("eight", (await operatorAnew().admit("eight")) ?? "", other);
  await expect.poll(() => eight.states.at(-1)).toMatchObject({ is: "lost" });
  expect(eight.texts).toEqual([]);
});
