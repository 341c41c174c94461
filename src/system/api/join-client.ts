/** Joins through a gateway: TLS with the protocol of src/gateway/joining, and one line each way. */
import type { ConnectionOptions, TLSSocket } from "node:tls";
import { json, SECOND_MS, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import {
  JOIN_ANSWER_BYTES,
  JOIN_PROTOCOL,
  type JoinAnswer,
  type JoinCredential,
  readGreeting,
  readJoinAnswer,
} from "../../gateway/index.ts";
import { alertName } from "../probing/tls-failure.ts";
import { isConnectionFailure, linesOf, nextLine, openTalk } from "./short-talk.ts";

/** For one connection, from its first packet to its last line. */
const TIME_MS = 15 * SECOND_MS;

function unreachable(endpoint: Endpoint, why: string, hints: readonly string[] = []): TetherdockError {
  return new TetherdockError("JOIN_UNREACHABLE", `the host at ${formatEndpoint(endpoint)} does not answer`, {
    why: [why],
    hints: ["tetherdock join   # again, with the same token, as long as it is valid", ...hints],
  });
}

function noInvitation(endpoint: Endpoint): TetherdockError {
  return new TetherdockError("JOIN_REFUSED", `no invitation is open at ${formatEndpoint(endpoint)}`, {
    why: ["it was taken back or has expired, or the server is not a gateway of this version"],
    hints: ["ask whoever invited you for a new invitation"],
  });
}

function unproven(endpoint: Endpoint, why: string): TetherdockError {
  return new TetherdockError(
    "JOIN_HOST_UNPROVEN",
    `${formatEndpoint(endpoint)} is not the host of the invitation`,
    {
      why: [`its certificate is not valid: ${why}`, "the token was not sent"],
      hints: ["date -u   # is the clock right?", "ask whoever invited you"],
    },
  );
}

function failure(endpoint: Endpoint, error: NodeJS.ErrnoException): TetherdockError {
  if (alertName(error.message) === "no_application_protocol") return noInvitation(endpoint);
  return isConnectionFailure(error)
    ? unreachable(endpoint, error.message)
    : unproven(endpoint, error.message);
}

/** @returns the connection, with the protocol agreed and, unless told otherwise, the server verified */
async function open(endpoint: Endpoint, options: ConnectionOptions): Promise<TLSSocket> {
  let socket: TLSSocket;
  try {
    socket = await openTalk(endpoint, { ALPNProtocols: [JOIN_PROTOCOL], ...options }, TIME_MS);
  } catch (error) {
    throw failure(endpoint, error as Error);
  }
  if (socket.alpnProtocol === JOIN_PROTOCOL) return socket;
  socket.destroy();
  throw noInvitation(endpoint);
}

function read<T>(endpoint: Endpoint, line: string | undefined, reader: json.Read<T>): T {
  if (line === undefined) throw noInvitation(endpoint);
  const value = json.read(line, reader);
  if ("value" in value) return value.value;
  throw new TetherdockError("JOIN_REFUSED", "the server there does not answer like a gateway", {
    why: [`at ${formatEndpoint(endpoint)}`, ...value.problems.slice(0, 3)],
    hints: ["ask whoever invited you"],
  });
}

/** See JoinPort.fetchCa. The answer proves nothing: the caller compares its fingerprint. */
export async function fetchJoinCa(endpoint: Endpoint): Promise<string> {
  const socket = await open(endpoint, { rejectUnauthorized: false });
  try {
    return read(endpoint, await nextLine(linesOf(socket, JOIN_ANSWER_BYTES)), readGreeting).ca;
  } finally {
    socket.destroy();
  }
}

/** See JoinPort.redeem. */
export async function redeemToken(
  endpoint: Endpoint,
  { ca, certificate, key }: JoinCredential,
  secret: Buffer,
): Promise<JoinAnswer> {
  const socket = await open(endpoint, { ca, cert: certificate, key });
  try {
    const lines = linesOf(socket, JOIN_ANSWER_BYTES);
    read(endpoint, await nextLine(lines), readGreeting);
    socket.write(`${JSON.stringify({ secret: secret.toString("base64url") })}\n`);
    const answer = await nextLine(lines);
    if (answer === undefined)
      throw unreachable(
        endpoint,
        "it closed the connection without an answer: this machine may or may not have joined",
      );
    return read(endpoint, answer, readJoinAnswer);
  } finally {
    socket.destroy();
  }
}
