/**
 * Talks with a gateway whose CA is known only by its fingerprint: joining, and the login of CI jobs. The first connection
 * fetches the CA, the second verifies the server by it.
 */
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { json, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import { readGreeting } from "../../gateway/index.ts";
import { alertName } from "../probing/tls-failure.ts";
import { isConnectionFailure, linesOf, nextLine, openTalk } from "./short-talk.ts";

export interface PinnedTalk {
  /** The ALPN name. */
  readonly protocol: string;
  /** For one connection, from its first packet to its last line. */
  readonly timeMs: number;
  /** Most bytes of a line from the gateway. */
  readonly lineBytes: number;
  /** Where the fingerprint is from, for messages. */
  readonly pinnedBy: string;
  /** Hints: how to try again, and whom to ask. */
  readonly again: string;
  readonly ask: string;
  /** The server does not speak the protocol, or closes the connection. */
  unserved(endpoint: Endpoint): TetherdockError;
}

export function unreachable({ again }: PinnedTalk, endpoint: Endpoint, why: string): TetherdockError {
  return new TetherdockError("JOIN_UNREACHABLE", `the host at ${formatEndpoint(endpoint)} does not answer`, {
    why: [why],
    hints: [again],
  });
}

function unproven({ pinnedBy, ask }: PinnedTalk, endpoint: Endpoint, why: string): TetherdockError {
  return new TetherdockError(
    "JOIN_HOST_UNPROVEN",
    `${formatEndpoint(endpoint)} is not the host of ${pinnedBy}`,
    {
      why: [`its certificate is not valid: ${why}`, "the token was not sent"],
      hints: ["date -u   # is the clock right?", ask],
    },
  );
}

function failure(talk: PinnedTalk, endpoint: Endpoint, error: NodeJS.ErrnoException): TetherdockError {
  if (alertName(error.message) === "no_application_protocol") return talk.unserved(endpoint);
  return isConnectionFailure(error)
    ? unreachable(talk, endpoint, error.message)
    : unproven(talk, endpoint, error.message);
}

/** @returns the connection, with the protocol agreed and, unless told otherwise, the server verified */
export async function openPinned(
  talk: PinnedTalk,
  endpoint: Endpoint,
  options: ConnectionOptions,
): Promise<TLSSocket> {
  let socket: TLSSocket;
  try {
    socket = await openTalk(endpoint, { ALPNProtocols: [talk.protocol], ...options }, talk.timeMs);
  } catch (error) {
    throw failure(talk, endpoint, error as Error);
  }
  if (socket.alpnProtocol === talk.protocol) return socket;
  socket.destroy();
  throw talk.unserved(endpoint);
}

/** @param line undefined: the connection has ended */
export function readLine<T>(
  talk: PinnedTalk,
  endpoint: Endpoint,
  line: string | undefined,
  reader: json.Read<T>,
): T {
  if (line === undefined) throw talk.unserved(endpoint);
  const value = json.read(line, reader);
  if ("value" in value) return value.value;
  throw new TetherdockError("JOIN_REFUSED", "the server there does not answer like a gateway", {
    why: [`at ${formatEndpoint(endpoint)}`, ...value.problems.slice(0, 3)],
    hints: [talk.ask],
  });
}

/** The answer proves nothing: the caller compares its fingerprint. @returns the CA, PEM */
export async function fetchCa(talk: PinnedTalk, endpoint: Endpoint): Promise<string> {
  const socket = await openPinned(talk, endpoint, { rejectUnauthorized: false });
  try {
    return readLine(talk, endpoint, await nextLine(linesOf(socket, talk.lineBytes)), readGreeting).ca;
  } finally {
    socket.destroy();
  }
}
