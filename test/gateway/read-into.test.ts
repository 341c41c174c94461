/** On the Node that the gateway is shipped with, TLS connections are read into memory that we choose. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { PassThrough } from "node:stream";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createReadInto } from "../../src/system/gateway-process/listen/read-into.ts";
import { Identities } from "./support/identities.ts";

let server: Server;
let client: TLSSocket;

beforeAll(async () => {
  const { cert, key } = await (await Identities.make()).server("localhost");
  server = createServer({ cert, key }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  client.destroy();
  server.close();
});

test("a TLS connection reads into our memory, piece by piece, and ends like any other", async () => {
  const accepted = once(server, "secureConnection");
  client = connect({ port: (server.address() as AddressInfo).port, rejectUnauthorized: false });
  const [socket] = (await accepted) as [TLSSocket];
  const memory = [Buffer.alloc(16), Buffer.alloc(16)] as const;
  const came: string[] = [];
  const onBytes = (bytes: Buffer) => came.push(bytes.toString("latin1"));
  const never = vi.fn();
  expect(createReadInto(never)(socket, { first: memory[0], onBytes, next: () => memory[1] })).toBe(true);
  for (const [count, piece] of ["one", "two", "three"].entries()) {
    client.write(piece);
    await expect.poll(() => came.length).toBe(count + 1);
  }
  expect(came).toEqual(["one", "two", "three"]);
  expect(memory.map((each) => each.toString("latin1", 0, 5))).toEqual(["one\0\0", "three"]);
  socket.pause();
  client.write("four");
  client.end();
  socket.resume();
  await once(socket, "end");
  expect(came.at(-1)).toBe("four");
  socket.destroy();
  expect(never).not.toHaveBeenCalled();
});

test("a socket without Node's handle is not changed, and this is reported once", () => {
  const reading = { first: Buffer.alloc(16), onBytes: () => {}, next: () => null };
  const told = vi.fn();
  const readInto = createReadInto(told);
  expect(readInto(new PassThrough(), reading)).toBe(false);
  expect(readInto(new PassThrough(), reading)).toBe(false);
  expect(told).toHaveBeenCalledTimes(1);
});
