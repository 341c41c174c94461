/** A server in a NATS server's place that sends without end: how much of it a host reads. */

import { type AddressInfo, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { expect, test } from "vitest";
import type { StoreState } from "../../src/fleet/index.ts";
import { openNatsStore } from "../../src/system/fleet-store/nats/host/host-store.ts";
import { hostCredentials, makeNatsSettings } from "../../src/system/fleet-store/nats/trust.ts";
import { makeServerCertificate } from "../cli/fake-engine.ts";
import { makeCertificates } from "../cli/sample-line.ts";
import { NO_QUESTION } from "../support/fleet/no-question.ts";

const certificates = makeCertificates(10);
const server = makeServerCertificate(certificates);
const INFO = `INFO ${JSON.stringify({
  ...{ server_id: "x", version: "2.10.27", proto: 1, headers: true, max_payload: 1_048_576 },
  ...{ nonce: "abc", auth_required: true, tls_required: true },
})}\r\n`;
/** What is sent, and waits in the buffers of the two sockets. */
const IN_KERNEL = 8 * 1024 * 1024;
const PIECE = Buffer.alloc(64 * 1024, "x");

function flood(socket: Socket): void {
  const more = () => {
    while (!socket.destroyed && socket.write(PIECE));
  };
  socket.on("drain", more);
  more();
}

/** Behaves like NATS until the host has sent its credentials. @param last what it sends before the flood */
const floodAfter = (last: string) => (socket: Socket) => {
  socket.write(INFO);
  const secure = new TLSSocket(socket, { isServer: true, ...server });
  secure.on("error", () => {});
  secure.on("data", (bytes) => {
    if (!bytes.includes("PING")) return;
    secure.removeAllListeners("data").resume();
    secure.write(`PONG\r\n${last}`);
    flood(secure);
  });
};

const MOST = 16 * 1024 * 1024;

test.each([
  ["a message of 64 MiB", MOST, floodAfter(`MSG tetherdock.acme.list 1 ${64 * 1024 ** 2}\r\n`)],
  // The client library reads no more then, and still receives.
  ["a message of 512 MiB", MOST, floodAfter(`MSG tetherdock.acme.list 1 ${512 * 1024 ** 2}\r\n`)],
  ["a line without end before TLS", 64 * 1024, flood],
])("of %s a host reads %d bytes, and says so", async (_what, most, behave) => {
  const sockets: Socket[] = [];
  const hostile = createServer((socket) => {
    sockets.push(socket.on("error", () => {}));
    behave(socket);
  });
  await new Promise<void>((resolve) => hostile.listen(0, "127.0.0.1", resolve));
  const { credentials } = await hostCredentials(makeNatsSettings(), "acme", "one");
  const states: StoreState[] = [];
  const store = openNatsStore({
    address: {
      urls: [`nats://127.0.0.1:${(hostile.address() as AddressInfo).port}`],
      ca: certificates.ca,
    },
    ...{
      fleet: "acme",
      host: "one",
      credentials,
      onState: (state) => states.push(state),
      onQuestion: NO_QUESTION,
    },
  });
  const over = new AbortController();
  const texts: string[] = [];
  const reading = (async () => {
    for await (const text of store.publications(over.signal)) texts.push(text);
  })();
  const why = `it sends more than ${most} bytes in a minute`;
  await expect
    .poll(() => states.at(-1), { timeout: 20_000 })
    .toMatchObject({ is: "lost", why: expect.stringContaining(why) });
  over.abort();
  await reading;
  await store.close();
  hostile.close();
  for (const { bytesWritten } of sockets) expect(bytesWritten).toBeLessThan(most + IN_KERNEL);
  expect(texts).toEqual([]);
  for (const socket of sockets) socket.destroy();
});
