/** Who waits for an answer is told when there will be none. */
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { connect } from "@nats-io/transport-node";
import { expect, onTestFinished, test, vi } from "vitest";
import { rawRequest } from "./raw-request.ts";

const INFO = { server_id: "a", version: "2.10.0", proto: 1, headers: true, max_payload: 1_048_576 };

/** A server that answers pings only. */
async function mute() {
  let [text, wire]: [string, Socket | null] = ["", null];
  const server = createServer((socket) => {
    wire = socket.on("error", () => {});
    socket.write(`INFO ${JSON.stringify(INFO)}\r\n`);
    socket.on("data", (data) => {
      text += data;
      for (const _ of String(data).matchAll(/PING\r\n/g)) socket.write("PONG\r\n");
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const connection = await connect({
    servers: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    reconnect: false,
  });
  onTestFinished(async () => {
    await connection.close();
    server.close();
  });
  return { connection, cut: () => wire?.destroy(), received: () => text };
}

const options = { reply: "_INBOX.x.y", timeout: 60_000 };

test("the connection ends", async () => {
  const { connection, cut } = await mute();
  const asked = expect(rawRequest(connection, "a.b", "", options)).rejects.toThrow();
  await connection.flush();
  cut();
  await asked;
  await connection.closed();
  await expect(rawRequest(connection, "a.b", "", options)).rejects.toThrow("closed connection");
});

test("nobody answers in time: a late answer is not wanted", async () => {
  const { connection, received } = await mute();
  await expect(rawRequest(connection, "a.b", "", { ...options, timeout: 10 })).rejects.toThrow("timeout");
  await connection.flush();
  expect(received()).toContain("UNSUB 1\r\n");
});

test("a connection that lasts keeps nothing of each question", async () => {
  const { connection } = await mute();
  const closed = vi.spyOn(connection, "closed");
  for (let questions = 0; questions < 5; questions += 1)
    await expect(rawRequest(connection, "a.b", "", { ...options, timeout: 5 })).rejects.toThrow("timeout");
  expect(closed).toHaveBeenCalledTimes(1);
});
