/**
 * `fleet-store.json`, beside the client list, and the socket that it names. systemd gives the file to the fleet process as a
 * credential. The socket is in a folder that others can enter and not list, and its name has 128 bits, so that process
 * alone finds it.
 */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { SECOND_MS, TetherdockError } from "../../../base/index.ts";
import { MOST_HAND_OVER, PASSED_MS } from "../../../fleet/index.ts";
import type { LinkPort } from "../../../gateway/index.ts";
import { writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere, removeIfThere } from "../../files/file-error.ts";
import { removeStale } from "../../service/stale-socket.ts";
import { receiptKey } from "./receipt-key.ts";

/** For the line. */
const TIME_MS = 10 * SECOND_MS;
/** The process opens one at a time. Each may hold a list of 2 MiB. */
const MOST_CONNECTIONS = 4;

/** @returns the line; null: it is too long, or the peer is gone */
function lineOf(socket: Socket): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const pieces: Buffer[] = [];
  let bytes = 0;
  socket.on("data", (piece: Buffer) => {
    const end = piece.indexOf(0x0a);
    pieces.push(end < 0 ? piece : piece.subarray(0, end));
    bytes += piece.length;
    if (end >= 0) resolve(Buffer.concat(pieces).toString("utf8"));
    else if (bytes > MOST_HAND_OVER) resolve(null);
    if (end >= 0 || bytes > MOST_HAND_OVER) socket.removeAllListeners("data").pause();
  });
  for (const over of ["end", "close", "error"]) socket.on(over, () => resolve(null));
  return promise;
}

async function serve(socket: Socket, answer: (line: string) => Promise<string>): Promise<void> {
  socket.setTimeout(TIME_MS, () => socket.destroy());
  const line = await lineOf(socket);
  socket.setTimeout(PASSED_MS);
  if (line === null) socket.destroy();
  else socket.end(await answer(line));
}

async function listen(path: string, answer: (line: string) => Promise<string>): Promise<() => void> {
  const server = createServer(
    { allowHalfOpen: true },
    (socket) => void serve(socket, answer).catch(() => {}),
  );
  server.maxConnections = MOST_CONNECTIONS;
  try {
    await removeStale(path);
    const ready = once(server, "listening");
    // listen() calls bind(2) synchronously, so the socket has its mode from the start.
    const before = process.umask(0o111);
    server.listen({ path });
    process.umask(before);
    await ready;
  } catch (cause) {
    throw new TetherdockError("GATEWAY_LISTEN_FAILED", "the gateway cannot listen for its fleet process", {
      why: [(cause as Error).message],
      cause,
    });
  }
  return () => void server.close();
}

/** @param clients path of the client list @param env of the gateway: systemd names the folder for sockets */
export function linkPort(clients: string, env: NodeJS.ProcessEnv): LinkPort {
  const folder = dirname(clients);
  const path = join(folder, "fleet-store.json");
  return {
    path,
    read: () => readIfThere(path),
    write: (text) => (text === undefined ? removeIfThere(path) : writeAtomically(path, text, 0o600)),
    receiptKey: receiptKey(clients),
    newSocket: () =>
      join(env["RUNTIME_DIRECTORY"] ?? folder, `fleet-${randomBytes(16).toString("hex")}.sock`),
    listen,
  };
}
