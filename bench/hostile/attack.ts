/**
 * One hostile client in a separate process: `attack.ts KIND SECONDS JSON`. It is limited in number and time, and
 * connects only to a gateway on loopback.
 */
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { connect, createSecureContext, type TLSSocket } from "node:tls";

/** Address and client, PEM. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly ca: string;
  readonly viewer: { readonly key: string; readonly cert: string };
  readonly revoked: { readonly key: string; readonly cert: string };
}

const [kind = "", seconds = "", json = "{}"] = process.argv.slice(2);
const target: Target = JSON.parse(json);
const end = performance.now() + Number(seconds) * 1_000;
const isOver = () => performance.now() >= end;

const contexts = {
  viewer: createSecureContext({ ca: target.ca, ...target.viewer }),
  revoked: createSecureContext({ ca: target.ca, ...target.revoked }),
};

async function open(who: "viewer" | "revoked", localAddress: string): Promise<TLSSocket | null> {
  const { host, port } = target;
  const below = connectTcp({ host, port, localAddress });
  const socket = connect({ socket: below, secureContext: contexts[who], servername: "docker.test" });
  below.on("error", () => socket.destroy());
  socket.on("error", () => {});
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.timeout(10_000) });
    return socket;
  } catch {
    socket.destroy();
    return null;
  }
}

/** Writes until the socket is closed, or the count or the time is reached. */
async function writeAll(socket: TLSSocket, pieces: number, piece: string): Promise<void> {
  const closed = once(socket, "close").catch(() => {});
  for (let count = 0; count < pieces && !isOver() && !socket.destroyed; count++)
    if (!socket.write(piece)) await drained(socket, closed);
}

/** A second at most; leaves no listener behind. */
async function drained(socket: TLSSocket, closed: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  const nothing = () => {};
  await Promise.race([
    once(socket, "drain", { signal }).catch(nothing),
    closed,
    wait(1_000, undefined, { signal }).catch(nothing),
  ]);
  over.abort();
}

const LONG = "x".repeat(60_000);

/** Item 2: requests that its role does not allow, with targets of 60 KiB, as fast as they are answered. */
async function refusedRequests(index: number): Promise<void> {
  while (!isOver()) {
    const socket = await open("viewer", `127.77.0.${index + 1}`);
    socket?.resume();
    if (socket) await writeAll(socket, 2_000, `DELETE /containers/${LONG} HTTP/1.1\r\nHost: d\r\n\r\n`);
    socket?.destroy();
  }
}

/** Item 2: a revoked client that reconnects and sends a target of 60 KiB. */
async function refusedConnections(index: number): Promise<void> {
  for (let count = 0; count < 5_000 && !isOver(); count++) {
    const socket = await open("revoked", `127.77.1.${index + 1}`);
    socket?.write(`GET /containers/${LONG} HTTP/1.1\r\nHost: d\r\n\r\n`);
    socket?.resume();
    if (socket && !socket.destroyed) await Promise.race([once(socket, "close").catch(() => {}), wait(500)]);
    socket?.destroy();
  }
}

/** Item 4: heads of a revoked client, a byte a record. */
async function slowHeads(index: number): Promise<void> {
  for (let count = 0; count < 5_000 && !isOver(); count++) {
    const socket = await open("revoked", `127.77.2.${index + 1}`);
    socket?.resume();
    if (socket) await writeAll(socket, 64_000, "x");
    socket?.destroy();
  }
}

/** New connections per second: accepting one costs the gateway a tenth of a millisecond. */
const AT_FIRST = 8_000;
const AGAIN = 1_000;
const EACH_MS = 50;

/** Silent connections, opened again when they are closed, at a limited rate. */
async function silence(count: number, address: (index: number) => string): Promise<void> {
  const { host, port } = target;
  const sockets = new Map<number, Socket>();
  let all = 0;
  while (!isOver()) {
    let opened = 0;
    const most = ((all < count ? AT_FIRST : AGAIN) * EACH_MS) / 1_000;
    for (let index = 0; index < count && opened < most; index++) {
      if (sockets.has(index)) continue;
      opened++;
      all++;
      const socket = connectTcp({ host, port, localAddress: address(index) });
      sockets.set(index, socket);
      socket.on("error", () => {}).on("close", () => sockets.delete(index));
      socket.resume();
    }
    await wait(EACH_MS);
  }
  for (const socket of sockets.values()) socket.destroy();
}

/** Item 6: inspects of 1 MB that nobody reads. */
async function unread(index: number): Promise<void> {
  while (!isOver()) {
    const socket = await open("viewer", `127.77.3.${(index % 200) + 1}`);
    socket?.write("GET /containers/large/json HTTP/1.1\r\nHost: d\r\n\r\n");
    socket?.pause();
    if (socket)
      await Promise.race([once(socket, "close").catch(() => {}), wait(Math.max(0, end - performance.now()))]);
    await wait(1_000);
    socket?.destroy();
  }
}

const many = (count: number, work: (index: number) => Promise<void>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const KINDS: Readonly<Record<string, () => Promise<unknown>>> = {
  "refused requests": () => Promise.all([many(8, refusedRequests), many(4, refusedConnections)]),
  "slow heads": () => many(4, slowHeads),
  "many addresses": () =>
    silence(12_000, (at) => `127.${100 + (at >> 14)}.${(at >> 7) & 127}.${(at & 127) + 1}`),
  "silent sources": () => silence(16_384, (at) => `127.90.0.${(at % 16) + 1}`),
  "unread answers": () => many(400, unread),
};

console.log("begun");
await KINDS[kind]?.();
process.exit();
