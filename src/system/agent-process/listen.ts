/** The sockets of an agent: made by itself, or passed by systemd. */
import { once } from "node:events";
import { rmSync, statSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { errorCodeOf } from "../files/file-error.ts";
import { removeStale } from "../service/stale-socket.ts";

/** `struct sockaddr_un` has room for 103 bytes on macOS, 107 on Linux. */
const MAX_PATH_BYTES = 103;
const BACKLOG = 512;
const ONLY_OWNER = 0o177;

/** A socket that listens. */
export interface Listening {
  /** Whether clients still reach it by its path. */
  isReachable(): boolean;
  close(): void;
}

const OPTIONS = { allowHalfOpen: true, pauseOnConnect: true };

async function opened(server: Server, open: () => void): Promise<void> {
  const ready = once(server, "listening");
  open();
  await ready;
}

function failure(line: string, path: string, cause: unknown): TetherdockError {
  if (errorCodeOf(cause) === "EADDRINUSE")
    return new TetherdockError("AGENT_RUNNING", `another agent serves the line ${line}`, {
      why: [`it listens on ${path}`],
      hints: [shellJoin(["tetherdock", "agent", "status", line])],
    });
  return new TetherdockError("AGENT_LISTEN_FAILED", `the agent cannot listen on ${path}`, {
    why: [(cause as Error).message],
    hints: path.startsWith("/") ? [shellJoin(["ls", "-ld", path.slice(0, path.lastIndexOf("/"))])] : [],
    cause,
  });
}

function tooLong(path: string): TetherdockError {
  return new TetherdockError("AGENT_LISTEN_FAILED", `the agent cannot listen on ${path}`, {
    why: [`the path of a socket has at most ${MAX_PATH_BYTES} bytes`],
    hints: ["set TETHERDOCK_HOME to a shorter path"],
  });
}

/**
 * Makes a socket that only its owner can connect to, from the start.
 * @throws AGENT_RUNNING, AGENT_LISTEN_FAILED
 */
export async function listenAt(
  line: string,
  path: string,
  take: (socket: Socket) => void,
): Promise<Listening> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) throw tooLong(path);
  const server = createServer(OPTIONS, take);
  try {
    await removeStale(path);
    await opened(server, () => {
      // listen() calls bind(2) synchronously, so the socket has its mode from the start
      const before = process.umask(ONLY_OWNER);
      server.listen({ path, backlog: BACKLOG });
      process.umask(before);
    });
  } catch (cause) {
    throw failure(line, path, cause);
  }
  const inode = () => statSync(path, { throwIfNoEntry: false })?.ino;
  const own = inode();
  const isReachable = () => own !== undefined && inode() === own;
  return {
    isReachable,
    close: () => {
      // Node removes the path of a server that it closes: not if another agent's socket is there now.
      if (isReachable()) rmSync(path, { force: true });
      server.close();
    },
  };
}

/** Takes a socket that systemd has opened. Node does not tell its path. @throws AGENT_LISTEN_FAILED */
export async function listenInherited(
  line: string,
  fd: number,
  take: (socket: Socket) => void,
): Promise<Listening> {
  const server = createServer(OPTIONS, take);
  try {
    await opened(server, () => server.listen({ fd }));
  } catch (cause) {
    throw failure(line, `the socket ${fd} from systemd`, cause);
  }
  return { isReachable: () => true, close: () => void server.close() };
}
