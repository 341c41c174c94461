/** Gateways that send a byte now and then: an idle timeout would begin anew with each, and a command would wait for years. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";
import { afterEach, beforeAll, expect, test } from "vitest";
import { TetherdockError } from "../../src/base/index.ts";
import type { GatewayAccess, GatewayCall } from "../../src/gateway/index.ts";
import { linesIn } from "../../src/system/api/answer-lines.ts";
import { askGateway, callGateway, readGatewayLines } from "../../src/system/api/gateway-client.ts";
import { type MadeAccess, makeAccess } from "../support/gateway/access.ts";

/** Instead of 15 s; a byte comes ten times as often. */
const MS = 500;

let access: MadeAccess;
beforeAll(async () => {
  access = await makeAccess();
});

const open: (() => unknown)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function listening(server: Server): Promise<GatewayAccess> {
  open.push(() => server.close());
  server.on("connection", (socket) => open.push(() => socket.destroy()));
  await once(server.listen(0, "localhost"), "listening");
  return access.to((server.address() as AddressInfo).port);
}

/** @param answer what it sends after a request */
function gatewayThat(answer: (socket: TLSSocket) => void): Promise<GatewayAccess> {
  const made = createTlsServer({ key: access.server.key, cert: access.server.cert }, (socket) => {
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  });
  return listening(made);
}

/** @param begin sent at once @param again sent ever after */
const dripping = (begin: string, again: string) => (socket: TLSSocket) => {
  socket.write(begin);
  const timer = setInterval(() => socket.write(again), MS / 10);
  socket.once("close", () => clearInterval(timer));
};

const HEAD = "HTTP/1.1 200 OK\r\n\r\n";
const ask = (gateway: GatewayAccess, more: Partial<GatewayCall>) =>
  callGateway(gateway, { method: "GET", path: "fleet", ...more }, (value) => value);

const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail("it has not failed"),
    (error) => error,
  );

test.each([
  ["its head", dripping("HTTP/1.1 200 OK\r\nA: ", "a"), { answerMs: MS }, "no answer within 0.5 s"],
  [
    "endless hints",
    dripping("", "HTTP/1.1 103 Early Hints\r\n\r\n"),
    { answerMs: MS },
    "no answer within 0.5 s",
  ],
  ["its body", dripping(`${HEAD}{`, " "), { answerMs: MS }, /it is too slow: \d+ bytes in 0\.5 s/],
  ["its body", dripping(`${HEAD}{`, " "), { withinMs: MS }, "not its whole answer within 0.5 s"],
  // 80 KiB each second.
  [
    "its body, faster",
    dripping(`${HEAD}{`, " ".repeat(4096)),
    { withinMs: MS },
    "not its whole answer within 0.5 s",
  ],
])(
  "a gateway that drips %s is given up",
  async (_what, answer, call, why) => {
    const error = await failureOf(ask(await gatewayThat(answer), call));
    expect(error).toBeInstanceOf(TetherdockError);
    expect(error).toMatchObject({
      ...{ code: "GATEWAY_UNREACHABLE", why: [expect.stringMatching(why)] },
      hints: expect.arrayContaining(["tetherdock status web"]),
    });
  },
  5_000,
);

test("a gateway that drips its TLS handshake is given up", async () => {
  const gateway = await listening(
    createServer((socket) => {
      socket.on("error", () => {});
      // A record of 16 KiB.
      socket.write(Buffer.from("1603034000", "hex"));
      const timer = setInterval(() => socket.write("\x02"), MS / 10);
      socket.once("close", () => clearInterval(timer));
    }),
  );
  const error = await failureOf(ask(gateway, { withinMs: MS }));
  expect(error).toMatchObject({ code: "GATEWAY_UNREACHABLE", why: ["no answer within 0.5 s"] });
}, 5_000);

test("a slow answer that carries enough arrives, however long it takes", async () => {
  // 80 KiB each second, 160 KiB: four times as long as it may take to begin.
  const gateway = await gatewayThat((socket) => {
    socket.write(`${HEAD}"`);
    let left = 40;
    const timer = setInterval(() => {
      if (left-- > 0) return void socket.write("a".repeat(4096));
      clearInterval(timer);
      socket.end('"');
    }, MS / 10);
  });
  expect(await ask(gateway, { answerMs: MS })).toBe("a".repeat(163_840));
}, 15_000);

test("an answer of lines may be quiet, but neither stop in the middle of a line nor, if it is no endless one, for ever", async () => {
  const call = { method: "GET", path: "audit" } as const;
  const read = async (gateway: GatewayAccess, quietMs?: number) => {
    const lines = linesIn(await askGateway(gateway, call), { ...call, ...(quietMs && { quietMs }) }, MS);
    const seen: string[] = [];
    try {
      for await (const line of lines) seen.push(line);
    } catch (error) {
      seen.push((error as Error).message);
    }
    return seen;
  };
  expect(await read(await gatewayThat(dripping(`${HEAD}one\ntwo`, "o")))).toEqual([
    "one",
    "it stopped in the middle of a line",
  ]);
  expect(await read(await gatewayThat((socket) => socket.write(`${HEAD}one\n`)), MS)).toEqual([
    "one",
    "it has stopped",
  ]);
  const quiet = await gatewayThat((socket) => {
    socket.write(HEAD);
    setTimeout(() => socket.end("one\n"), 2 * MS);
  });
  expect(await read(quiet)).toEqual(["one"]);
  const late = readGatewayLines(await gatewayThat((socket) => socket.write(HEAD)), { ...call, quietMs: MS });
  expect(await failureOf(late.next())).toMatchObject({
    ...{ code: "GATEWAY_UNREACHABLE", why: ["it has stopped"] },
    message: expect.stringMatching(/^the answer of the gateway at localhost\S* comes too slowly$/),
  });
}, 10_000);
