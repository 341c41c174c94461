/**
 * Damaged requests of machines that join, of clients that renew, and of CI jobs: whoever sends whatever, the gateway goes on, and the
 * next honest one is served. Vitest fails on an error that nobody catches: in the gateway's own process it would be the end of all
 * connections. Another sample every day; `TETHERDOCK_FUZZ_SECONDS=900` takes longer.
 */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { JOB_PROTOCOL, JOIN_PROTOCOL, RENEW_PROTOCOL } from "../../src/gateway/index.ts";
import { Random } from "../support/random.ts";
import { seed } from "../support/sample.ts";
import { damaged, oddJson } from "./support/damage.ts";
import type { Identity } from "./support/identities.ts";
import { Issuer } from "./support/issuer.ts";
import { exchange, trust } from "./support/jobs.ts";
import { invite, join, newMachine, secret } from "./support/joining.ts";
import { newRequest, renew } from "./support/renewing.ts";
import { Stage } from "./support/stage.ts";
import type { Wire } from "./support/wire.ts";

const seconds = Number(process.env["TETHERDOCK_FUZZ_SECONDS"] ?? 0);
const ROUNDS = 60;
const AT_ONCE = 16;

let stage: Stage;
let issuer: Issuer;
let machine: Identity;
let runner: Identity;
const token = secret();
/** The same each time: another one with the first certificate would be a copied key's. */
const request = newRequest();

/** Some records have the end of an answer only: the gateway has its head by then. */
const inPieces =
  (value: () => object): NonNullable<Issuer["answers"]["keys"]> =>
  (_, response) => {
    const text = JSON.stringify(value());
    response.write(text.slice(0, 1));
    setTimeout(() => response.end(text.slice(1)), 5);
  };

beforeAll(async () => {
  issuer = await Issuer.make();
  issuer.answers.configuration = inPieces(() => ({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` }));
  issuer.answers.keys = inPieces(() => ({ keys: issuer.keys.map(({ jwk }) => jwk) }));
  stage = await Stage.make({ limits: { strangersPerSecond: 10_000 } });
  machine = await newMachine();
  runner = await newMachine();
  await invite(stage, "bob@desk", token, { forMs: 3_600_000 });
  await trust(stage, issuer);
});
afterAll(async () => {
  await stage.end();
  await issuer.close();
});

/** Each talk has its own address: a network is told of a few wrong requests only. */
let talks = 0;
const from = (): string => `127.200.${(++talks >> 8) & 255}.${talks & 255}`;

interface Peer {
  readonly wire: Wire;
  /** Its connection to the gateway. */
  readonly raw: Socket;
}

/** TLS is with the gateway, through this process: Node cannot reset a connection with TLS of its own. */
async function peer({ key, cert }: Pick<Identity, "key" | "cert">, protocol: string): Promise<Peer> {
  const raw = connect({ host: stage.host, port: stage.port, localAddress: from() });
  const relay = createServer((near) => {
    relay.close();
    raw.on("error", () => near.destroy()).on("close", () => near.destroySoon());
    near.on("error", () => raw.destroy()).on("close", () => raw.destroySoon());
    near.pipe(raw).pipe(near);
  });
  await once(relay.listen(0, "127.0.0.1"), "listening");
  const { address: host, port } = relay.address() as AddressInfo;
  return { raw, wire: await stage.connectWith({ ALPNProtocols: [protocol], host, port, key, cert }) };
}

/** Leaves in one of the ways in which peers do. */
async function leave(random: Random, { raw, wire }: Peer): Promise<void> {
  const way = random.below(4);
  if (way === 1) raw.resetAndDestroy();
  if (way === 2) wire.end();
  if (way >= 2) await wire.over;
  wire.destroy();
}

async function talk(
  random: Random,
  who: Pick<Identity, "key" | "cert">,
  protocol: string,
  line: string,
): Promise<void> {
  const one = await peer(who, protocol);
  for (const piece of damaged(random, line)) one.wire.send(piece);
  await leave(random, one);
}

type Round = (random: Random) => Promise<void>;

const joining: Round = async (random) => {
  // The first key that shows the token owns it.
  const isOwner = random.chance(60);
  const asked = { secret: (isOwner ? token : secret()).toString("base64url"), proof: null };
  const who = isOwner ? machine : stage.person("vera");
  await talk(random, who, JOIN_PROTOCOL, `${oddJson(random, asked)}\n`);
};

const renewing: Round = async (random) => {
  const line = `${oddJson(random, { request, lifeMs: null, trusts: null })}\n`;
  await talk(random, stage.person("vera"), RENEW_PROTOCOL, line);
};

/** Passes what the issuer says, damaged. */
const job: Round = async (random) => {
  const asked = { client: "ci", token: issuer.token() };
  const line = `${random.chance(70) ? JSON.stringify(asked) : oddJson(random, asked)}\n`;
  const one = await peer(runner, JOB_PROTOCOL);
  const { wire } = one;
  const servers: Socket[] = [];
  let number = 0;
  let server: Socket | null = null;
  const say = (received: string | null) =>
    wire.socket.writable &&
    wire.send(`${JSON.stringify({ of: random.chance(95) ? number : random.below(4), received })}\n`);
  const open = () => {
    number += 1;
    const socket = connect(Number(new URL(issuer.url).port), "localhost");
    servers.push(socket);
    server = socket;
    socket.on("error", () => {});
    socket.on("close", () => server === socket && say(null));
    let left = random.below(8);
    socket.on("data", (bytes: Buffer) => {
      const pieces = left-- === 0 ? damaged(random, bytes.toString("latin1")) : [bytes];
      for (const piece of pieces) {
        for (let at = 0; at < piece.length; at += 16_000)
          say(piece.subarray(at, at + 16_000).toString("base64"));
        if (random.chance(5)) say(null);
      }
      if (random.chance(3))
        for (let at = 0; at < 100; at++) say(Buffer.alloc(16_000, "x").toString("base64"));
      if (random.chance(5)) void leave(random, one);
    });
  };
  wire.socket.removeAllListeners("data");
  let held = "";
  wire.socket.on("data", (bytes: Buffer) => {
    const lines = (held + bytes.toString("latin1")).split("\n");
    held = lines.pop() ?? "";
    for (const said of lines) {
      const { connect: asks, send, close } = JSON.parse(said) as Record<string, unknown>;
      if (asks !== undefined) open();
      else if (typeof send === "string") server?.write(Buffer.from(send, "base64"));
      else if (close === true) server?.destroy();
    }
  });
  wire.send(line);
  if (random.chance(10)) await leave(random, one);
  await wire.over;
  wire.destroy();
  for (const each of servers) each.destroy();
};

test.each([
  ["joining", joining],
  ["renewing", renewing],
  ["jobs", job],
] as const)("%s", { timeout: 60_000 + seconds * 1000 }, async (what, round) => {
  const until = performance.now() + (seconds * 1000) / 3;
  let count = 0;
  const one = async () => {
    while (count < ROUNDS || performance.now() < until) await round(new Random(`${seed} ${what} ${count++}`));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
});

test("the honest ones are served, and the journal has no failure", async () => {
  expect(await join(stage, machine, token, { localAddress: from() })).toMatchObject({ name: "bob@desk" });
  expect(await renew(stage, stage.person("anna"))).toMatchObject({ name: "anna" });
  expect(await exchange(stage, issuer.token(), { from: from() })).toMatchObject({ name: "ci" });
  expect(stage.gateway.lines.filter((line) => !/^(ready|in force)/.test(line))).toEqual([]);
});
