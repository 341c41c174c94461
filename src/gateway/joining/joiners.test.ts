/** Connections of machines that join, with an enrolment in memory: what a flood of them costs and is told. */
import { type Duplex, duplexPair } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { type Client, ClientList, type Invitation, ListInForce, secretHash } from "../../identity/index.ts";
import { addressGroup } from "../admission/address-group.ts";
import { Enrolment } from "./enrolment.ts";
import { createJoiners } from "./joiners.ts";

const NOW = Date.parse("2026-11-27T12:00:00Z");
const TOKEN = Buffer.alloc(32, 7);
const ANNA = "a".repeat(64);
const INVITATION: Invitation = {
  name: "bob@desk",
  role: "viewer",
  expires: null,
  hash: secretHash(TOKEN),
  until: "2026-11-27T12:10:00Z",
  usedBy: null,
  by: ANNA,
  approval: null,
};

const admin = (over: Partial<Client> = {}): Client => ({
  ...{ name: "anna@desk", fingerprint: ANNA, role: "admin", state: "active", expires: null },
  ...over,
});

function made(
  options: {
    readonly stored?: readonly Invitation[];
    readonly mayAct?: boolean;
    readonly admins?: readonly Client[];
  } = {},
) {
  const state = { stored: options.stored ?? [INVITATION], list: [] as readonly Client[], full: false };
  const notes: string[][] = [];
  const failures: string[] = [];
  const write = async <T>(put: () => T) => {
    if (state.full) throw new Error("no space left");
    return put();
  };
  const clients = new ListInForce(
    {
      read: async () => ({ clients: state.list, revision: "0" }),
      watch: () => () => {},
      write: (list) =>
        write(() => {
          state.list = list;
          return "ok" as const;
        }),
    },
    { clients: [], revision: "0" },
    () => {},
  );
  const enrolment = new Enrolment({
    clients,
    store: {
      read: async () => state.stored,
      write: (next) =>
        write(() => {
          state.stored = next;
        }),
    },
    issuer: {
      mayIssue: true,
      problemOf: () => null,
      prepare: async () => {},
      issue: async (_key, name) => `certificate of ${name}\n`,
    },
    gateway: {
      clock: () => NOW,
      mayAct: options.mayAct ?? true,
      admit: ({ clientName, fingerprint }) => {
        const list = new ClientList(options.admins ?? [admin()]);
        return clientName === null ? list.admitKey(fingerprint ?? "", NOW) : list.admitName(clientName, NOW);
      },
      note: (...words) => void notes.push(words.slice(0, 4) as string[]),
    },
  });
  const joiners = createJoiners(
    enrolment,
    () => "the CA",
    ({ message }) => failures.push(message),
  );
  const connect = (address = "192.0.2.1", publicKey: string | null = "key") => {
    const [own, theirs] = duplexPair();
    const peer = {
      address: `${address}:1`,
      group: addressGroup(address),
      publicKey,
      fingerprint: "f".repeat(64),
    };
    return { own, isTaken: joiners.take(theirs, peer), theirs };
  };
  return { state, notes, failures, enrolment, joiners, connect };
}

const request = (token: Buffer) => `${JSON.stringify({ secret: token.toString("base64url") })}\n`;

/** @returns what came after the first line; undefined: nothing */
async function answerOf(own: Duplex): Promise<unknown> {
  const lines = (await text(own).catch(() => "")).split("\n");
  return lines[1] ? JSON.parse(lines[1]) : undefined;
}

test("of 10,000 guesses from one network ten a minute are answered, and each that is read is noted", async () => {
  const { enrolment, joiners, connect, notes, state } = made();
  await enrolment.load();
  let [answered, read, now] = [0, 0, performance.now()];
  for (let guess = 0; guess < 10_000; guess++) {
    const { own, isTaken } = connect();
    own.on("error", () => {}).on("end", () => own.destroy());
    own.on("data", (bytes: Buffer) => {
      if (bytes.includes("refused")) answered++;
    });
    if (isTaken) read++;
    else own.destroy();
    own.write(request(Buffer.from(secretHash(Buffer.from(`${guess}`)), "hex")));
    await new Promise((resolve) => setImmediate(resolve));
    // A quarter of a second passes for each: 42 minutes in all.
    now += 250;
    joiners.sweep(now);
  }
  expect(read).toBeGreaterThan(5_000);
  const noted = notes.filter(([, client, rule]) => client === null && rule === "unknown-token");
  expect(noted).toHaveLength(read);
  expect(answered).toBeGreaterThan(100);
  expect(answered).toBeLessThanOrEqual(5 + 10 * 42);
  expect([state.list, state.stored]).toEqual([[], [INVITATION]]);
});

test("one network has at most four connections and all have 32; then the largest block loses one", async () => {
  const { enrolment, connect } = made();
  await enrolment.load();
  const first = [1, 2, 3, 4, 5].map(() => connect("192.0.2.1"));
  expect(first.map(({ isTaken }) => isTaken)).toEqual([true, true, true, true, false]);
  const others = Array.from({ length: 28 }, (_, index) => connect(`198.51.100.${index}`));
  expect(others.every(({ isTaken }) => isTaken)).toBe(true);
  const { isTaken } = connect("203.0.113.1");
  expect(isTaken).toBe(true);
  expect(first.map(({ theirs }) => theirs.destroyed)).toEqual([true, false, false, false, false]);
  expect(others.filter(({ theirs }) => theirs.destroyed)).toEqual([]);
});

test("without an open invitation no connection is served; one that has expired does not count", async () => {
  for (const stored of [[], [{ ...INVITATION, until: "2026-11-27T12:00:00Z" }]]) {
    const { enrolment, connect } = made({ stored });
    await enrolment.load();
    expect(connect().isTaken).toBe(false);
  }
});

test("a right token is answered at once; what cannot be stored or recorded is refused for now", async () => {
  const good = made();
  await good.enrolment.load();
  const { own } = good.connect();
  own.write(request(TOKEN));
  expect(await answerOf(own)).toMatchObject({ name: "bob@desk", certificate: "certificate of bob@desk\n" });
  expect(good.state.list).toMatchObject([{ name: "bob@desk", role: "viewer", fingerprint: "f".repeat(64) }]);
  expect(good.notes).toEqual([["admin", "bob@desk", "client-joined", "bob@desk"]]);

  const unwritable = made({ mayAct: false });
  await unwritable.enrolment.load();
  const second = unwritable.connect();
  second.own.write(request(TOKEN));
  expect(await answerOf(second.own)).toMatchObject({ retry: true });
  expect(unwritable.state.list).toEqual([]);

  const full = made();
  await full.enrolment.load();
  full.state.full = true;
  const third = full.connect();
  third.own.write(request(TOKEN));
  expect(await answerOf(third.own)).toMatchObject({ retry: true });
  expect([full.failures, full.state.list]).toEqual([["no space left"], []]);
});

test.each([
  ["revoked", [admin({ state: "revoked" })]],
  ["no admin any more", [admin({ role: "deployer" })]],
  ["taken off the list", []],
  ["expired", [admin({ expires: "2026-11-27T11:59:59Z" })]],
])("an invitation of an admin who is %s lets nobody in, and is not shown", async (_, admins) => {
  const { enrolment, connect, state, notes } = made({ admins });
  await enrolment.load();
  expect(enrolment.open).toEqual([]);
  const { own } = connect();
  own.write(request(TOKEN));
  expect(await answerOf(own)).toEqual({ refused: expect.stringContaining("ask an admin"), retry: false });
  expect([state.list, state.stored]).toEqual([[], [INVITATION]]);
  expect(notes.map(([, client, rule]) => [client, rule])).toEqual([["bob@desk", "inviter-out"]]);
});

test("an invitation keeps the key of the admin who made it", async () => {
  const { enrolment, state } = made({ stored: [] });
  const { by: _, ...asked } = INVITATION;
  expect(await enrolment.invite(asked, "anna@desk")).toBeNull();
  expect(state.stored).toEqual([INVITATION]);
});

test("a client that closes its side after the request still gets the answer; what is not a request is recorded", async () => {
  const { enrolment, connect, notes } = made();
  await enrolment.load();
  const half = connect();
  half.own.end(request(TOKEN));
  expect(await answerOf(half.own)).toMatchObject({ name: "bob@desk" });
  const [odd, keyless] = [connect(), connect("192.0.2.1", null)];
  odd.own.write("GET / HTTP/1.1\r\n\r\n");
  keyless.own.write(request(TOKEN));
  expect(await answerOf(odd.own)).toMatchObject({ refused: "this is not a request to join" });
  expect(await answerOf(keyless.own)).toMatchObject({ refused: expect.stringContaining("P-256") });
  expect(notes.map(([event, , rule]) => [event, rule])).toEqual([
    ["admin", "client-joined"],
    ["connection", "join-malformed"],
    ["connection", "join-without-key"],
  ]);
});

test("a request in single bytes is read; one without an end, or after ten seconds, is not", async () => {
  const { enrolment, joiners, connect } = made();
  await enrolment.load();
  const slow = connect();
  for (const byte of request(TOKEN)) slow.own.write(byte);
  expect(await answerOf(slow.own)).toMatchObject({ name: "bob@desk" });
  const long = connect();
  long.own.write("x".repeat(600));
  expect(await answerOf(long.own)).toMatchObject({ refused: "this is not a request to join" });
  const silent = connect();
  joiners.sweep(performance.now() + 11_000);
  expect(silent.theirs.destroyed).toBe(true);
});
