/** The sockets that the gateway listens on. Whether TLS is used depends on the type of a socket, never on a flag. */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { TetherdockError } from "../../../base/index.ts";
import type { Gateway, Listen } from "../../../gateway/index.ts";
import { errorCodeOf } from "../../files/file-error.ts";
import { removeStale } from "../../service/stale-socket.ts";
import { KEEP_ALIVE_MS, type TlsListener } from "./tls-listener.ts";

/** What listeners need besides the configured entries. */
export interface ListenParts {
  readonly gateway: Gateway;
  /** null: no certificates are configured. */
  readonly tlsListener: TlsListener | null;
  /** File descriptors of sockets passed by systemd. */
  readonly inherited: readonly number[];
  /** Open sockets of all listeners. */
  readonly sockets: Set<Socket>;
}

const BACKLOG = 4_096;

function wrong(text: string, hint: string): TetherdockError {
  return new TetherdockError("GATEWAY_CONFIG_BROKEN", text, { hints: [hint] });
}

/** Limits the open connections of all listeners together: a server's own limit counts each listener separately. */
function counted(
  { gateway, tlsListener, sockets }: ListenParts,
  take: (socket: Socket) => void,
): (socket: Socket) => void {
  return (socket) => {
    // a connection over a local socket has no address and no handshake
    const newcomer = socket.remoteAddress === undefined ? null : socket;
    const isFull =
      sockets.size >= gateway.limits.connections ||
      (newcomer !== null && tlsListener?.handshakes.isFull === true);
    if (isFull && !tlsListener?.handshakes.makeRoom(newcomer)) {
      gateway.metrics.note("connection_dropped");
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    take(socket);
  };
}

function makeServer(parts: ListenParts, take: (socket: Socket) => void): Server {
  return createServer(
    {
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      pauseOnConnect: true,
    },
    counted(parts, take),
  );
}

/** Serves a connection over a local socket. */
function takeLocal({ gateway }: ListenParts, client: string, path: string): (socket: Socket) => void {
  return (socket) => {
    gateway.accept(socket, {
      address: path,
      fingerprint: null,
      clientName: client,
      notAfter: Number.POSITIVE_INFINITY,
    });
    socket.resume();
  };
}

async function opened(server: Server, where: string, open: () => void): Promise<Server> {
  try {
    const ready = once(server, "listening");
    open();
    await ready;
    return server;
  } catch (cause) {
    throw new TetherdockError("GATEWAY_LISTEN_FAILED", `the gateway cannot listen on ${where}`, {
      why: [(cause as Error).message],
      hints: errorCodeOf(cause) === "EADDRINUSE" ? ["ss -ltnp   # who has it"] : [],
      cause,
    });
  }
}

async function listenUnix(parts: ListenParts, { path, client, mode }: Extract<Listen, { kind: "unix" }>) {
  await removeStale(path);
  const server = makeServer(parts, takeLocal(parts, client, path));
  return opened(server, path, () => {
    // listen() calls bind(2) synchronously, so the socket has its mode from the start
    const before = process.umask(0o777 & ~mode);
    server.listen({ path, backlog: BACKLOG });
    process.umask(before);
  });
}

function requireTlsListener({ tlsListener }: ListenParts): TlsListener {
  if (tlsListener === null)
    throw wrong("a TCP socket and no tls: TCP is served with TLS only", "add tls to gateway.json");
  return tlsListener;
}

async function listenInherited(parts: ListenParts, fd: number, client: string | null): Promise<Server> {
  let take: (socket: Socket) => void = (socket) => socket.destroy();
  const server = makeServer(parts, (socket) => take(socket));
  await opened(server, `the socket ${fd} from systemd`, () => server.listen({ fd }));
  const address = server.address();
  if (address !== null && typeof address === "object") {
    const { handshakes } = requireTlsListener(parts);
    take = (socket) => handshakes.admit(socket);
  } else if (client !== null) take = takeLocal(parts, client, String(address));
  else
    throw wrong(
      "systemd has handed over a unix socket and no client is named for it",
      'write "client" beside fd://',
    );
  return server;
}

async function listenOne(parts: ListenParts, entry: Listen): Promise<Server[]> {
  if (entry.kind === "unix") return [await listenUnix(parts, entry)];
  if (entry.kind === "tcp") {
    const { handshakes } = requireTlsListener(parts);
    const { host, port } = entry;
    const server = makeServer(parts, (socket) => handshakes.admit(socket));
    return [await opened(server, `${host}:${port}`, () => server.listen({ host, port, backlog: BACKLOG }))];
  }
  if (parts.inherited.length === 0)
    throw wrong(
      "fd:// is configured and systemd has handed over no socket",
      "systemctl start tetherdock-gateway.socket",
    );
  return Promise.all(parts.inherited.map((fd) => listenInherited(parts, fd, entry.client)));
}

/**
 * Opens all configured listeners, or none.
 * @throws GATEWAY_LISTEN_FAILED, GATEWAY_CONFIG_BROKEN
 */
export async function openListeners(parts: ListenParts, entries: readonly Listen[]): Promise<Server[]> {
  const open: Server[] = [];
  try {
    for (const entry of entries) open.push(...(await listenOne(parts, entry)));
    return open;
  } catch (error) {
    for (const server of open) server.close();
    throw error;
  }
}
