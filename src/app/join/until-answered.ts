/** Sends the request of a machine that joins, and repeats it as long as an admin has to approve it. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import type { IssuedOrRefused, JoinCredential, JoinRequest, Waiting } from "../../gateway/index.ts";
import { type InvitationToken, proofKey, requestProof, shownSecret, WAIT_MS } from "../../identity/index.ts";
import { keyFingerprint } from "../../pki/index.ts";
import type { JoinPorts, WaitingRequest } from "./ports.ts";

export interface Asked {
  readonly line: string;
  readonly endpoint: Endpoint;
  readonly credential: JoinCredential;
  readonly token: InvitationToken;
  readonly wait: boolean;
}

/** The secret of a token that has to be approved stays here: with it, the gateway could choose the key itself. */
function requestOf({ approval, secret }: InvitationToken, fingerprint: string): JoinRequest {
  if (!approval) return { secret: secret.toString("base64url"), proof: null };
  return {
    secret: shownSecret(secret).toString("base64url"),
    proof: requestProof(proofKey(secret), fingerprint),
  };
}

function notYet({ line, client, fingerprint }: WaitingRequest): TetherdockError {
  return new TetherdockError("JOIN_WAITING", `the request to join as ${client} has not been approved yet`, {
    why: [`the fingerprint of this machine's key is ${fingerprint}`],
    hints: [
      `${shellJoin(["tetherdock", "join", "--name", line])}   # later, with the same token: it continues with the same key`,
    ],
  });
}

/** While it waits, a gateway that does not answer is asked again: it may restart, and this machine may sleep. */
async function askAgain(
  { gateway }: JoinPorts,
  { endpoint, credential }: Asked,
  request: JoinRequest,
): Promise<IssuedOrRefused | Waiting | null> {
  try {
    const answer = await gateway.redeem(endpoint, credential, request);
    return "refused" in answer && answer.retry ? null : answer;
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "JOIN_UNREACHABLE") return null;
    throw error;
  }
}

/** @throws JOIN_WAITING, JOIN_UNREACHABLE, JOIN_HOST_UNPROVEN, JOIN_REFUSED, INTERRUPTED */
export async function untilAnswered(ports: JoinPorts, asked: Asked): Promise<IssuedOrRefused> {
  const { line, endpoint, credential, token, wait } = asked;
  const fingerprint = keyFingerprint(credential.key);
  const request = requestOf(token, fingerprint);
  const first = await ports.gateway.redeem(endpoint, credential, request);
  if (!("waiting" in first)) return first;
  const { waiting: client, until } = first;
  const waiting = { line, address: formatEndpoint(endpoint), client, fingerprint, until };
  if (!wait) throw notYet(waiting);
  ports.onWaiting(waiting);
  // However long the gateway says that it keeps the request.
  const end = ports.clock() + WAIT_MS;
  for (let count = 1; ports.clock() < end; count += 1) {
    await ports.pause(count);
    const answer = await askAgain(ports, asked, request);
    if (answer !== null && !("waiting" in answer)) return answer;
  }
  throw notYet(waiting);
}
