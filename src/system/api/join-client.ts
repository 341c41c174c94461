/** Joins through a gateway: TLS with the protocol of src/gateway/joining, and one line each way. */
import { SECOND_MS, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import {
  ANSWER_BYTES,
  JOIN_PROTOCOL,
  type JoinAnswer,
  type JoinCredential,
  type JoinRequest,
  readGreeting,
  readJoinAnswer,
} from "../../gateway/index.ts";
import { fetchCa, openPinned, type PinnedTalk, readLine, unreachable } from "./pinned-talk.ts";
import { linesOf, nextLine } from "./short-talk.ts";

const JOINING: PinnedTalk = {
  protocol: JOIN_PROTOCOL,
  timeMs: 15 * SECOND_MS,
  lineBytes: ANSWER_BYTES,
  pinnedBy: "the invitation",
  again: "tetherdock join   # again, with the same token, as long as it is valid",
  ask: "ask whoever invited you",
  unserved: (endpoint) =>
    new TetherdockError("JOIN_REFUSED", `no invitation is open at ${formatEndpoint(endpoint)}`, {
      why: ["it was taken back or has expired, or the server is not a gateway of this version"],
      hints: ["ask whoever invited you for a new invitation"],
    }),
};

/** See JoinPort.fetchCa. */
export function fetchJoinCa(endpoint: Endpoint): Promise<string> {
  return fetchCa(JOINING, endpoint);
}

/** See JoinPort.redeem. */
export async function redeemToken(
  endpoint: Endpoint,
  { ca, certificate, key }: JoinCredential,
  request: JoinRequest,
): Promise<JoinAnswer> {
  const socket = await openPinned(JOINING, endpoint, { ca, cert: certificate, key });
  try {
    const lines = linesOf(socket, ANSWER_BYTES);
    readLine(JOINING, endpoint, await nextLine(lines), readGreeting);
    // A gateway from before approvals knows only the secret.
    const { secret, proof } = request;
    socket.write(`${JSON.stringify(proof === null ? { secret } : request)}\n`);
    const answer = await nextLine(lines);
    if (answer === undefined)
      throw unreachable(
        JOINING,
        endpoint,
        "it closed the connection without an answer: this machine may or may not have joined",
      );
    return readLine(JOINING, endpoint, answer, readJoinAnswer);
  } finally {
    socket.destroy();
  }
}
