/** Answers of a gateway that break off: the call fails, and nothing else does. Vitest fails on an error that nobody catches. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { afterEach, beforeAll, expect, test } from "vitest";
import { askGateway, bodyOf, callGateway } from "../../src/system/api/gateway-client.ts";
import { type MadeAccess, makeAccess } from "../support/gateway/access.ts";

let access: MadeAccess;
beforeAll(async () => {
  access = await makeAccess();
});

const open: { close(): unknown }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** Answers in part. @param end what follows on the connection below TLS */
async function brokenGateway(end: (socket: Socket) => void) {
  const listening = createServer((socket) => {
    socket.on("error", () => {});
    const secured = new TLSSocket(socket, {
      isServer: true,
      key: access.server.key,
      cert: access.server.cert,
    });
    secured.on("error", () => {});
    secured.once("data", () =>
      secured.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{", () => end(socket)),
    );
  });
  open.push(listening);
  await once(listening.listen(0, "localhost"), "listening");
  return access.to((listening.address() as AddressInfo).port);
}

const STATUS = { method: "GET", path: "status" } as const;
const BREAKS_OFF = expect.objectContaining({
  code: "GATEWAY_UNREACHABLE",
  message: expect.stringContaining("breaks off"),
});

test.each([
  ["ends", (socket: Socket) => void socket.end()],
  ["is cut", (socket: Socket) => void socket.destroy()],
  // A record that nobody with the connection's keys has made.
  ["is damaged", (socket: Socket) => void socket.write(`\x17\x03\x03\x00\x20${"x".repeat(32)}`)],
  [
    "has an alert without encryption",
    (socket: Socket) => void socket.write(Buffer.from("1503030002022a", "hex")),
  ],
])("an answer that %s breaks off, at once", async (_what, end) => {
  const gateway = await brokenGateway(end);
  await expect(callGateway(gateway, STATUS, (value) => value)).rejects.toEqual(BREAKS_OFF);
});

test("nobody need read it by then", async () => {
  const over = Promise.withResolvers<void>();
  const gateway = await brokenGateway((socket) => {
    socket.write(`\x17\x03\x03\x00\x20${"x".repeat(32)}`);
    socket.once("close", () => over.resolve());
  });
  const answer = await askGateway(gateway, STATUS);
  await over.promise;
  await expect(bodyOf(gateway, answer, STATUS)).rejects.toEqual(BREAKS_OFF);
});
