/** Asks a gateway to renew this machine's certificate, with the protocol of src/gateway/renewing. */
import { json, SECOND_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import {
  ANSWER_BYTES,
  RENEW_PROTOCOL,
  type RenewAnswer,
  type RenewCredential,
  readRenewAnswer,
  type SentRenewRequest,
} from "../../gateway/index.ts";
import { alertName } from "../probing/tls-failure.ts";
import { linesOf, nextLine, openTalk } from "./short-talk.ts";

/** For a command that only renews. */
export const RENEW_MS = 15 * SECOND_MS;

function unreachable(line: string, endpoint: Endpoint, why: string): TetherdockError {
  return new TetherdockError(
    "GATEWAY_UNREACHABLE",
    `the gateway at ${formatEndpoint(endpoint)} does not answer`,
    { why: [why], hints: [shellJoin(["tetherdock", "status", line])] },
  );
}

function older(endpoint: Endpoint): TetherdockError {
  return new TetherdockError(
    "RENEW_REFUSED",
    `the server at ${formatEndpoint(endpoint)} renews no certificates`,
    {
      why: ["it is an older gateway, or none"],
      hints: ["ask whoever set the line up to run tetherdock upgrade"],
    },
  );
}

/**
 * @param line for messages
 * @param timeMs for all of it
 * @throws GATEWAY_UNREACHABLE, RENEW_REFUSED: this server does not renew
 */
export async function askToRenew(
  line: string,
  endpoint: Endpoint,
  { ca, certificate, key }: RenewCredential,
  asked: SentRenewRequest,
  timeMs = RENEW_MS,
): Promise<RenewAnswer> {
  const options = { ca, cert: certificate, key, ALPNProtocols: [RENEW_PROTOCOL] };
  const socket = await openTalk(endpoint, options, timeMs).catch((error: Error) => {
    if (alertName(error.message) === "no_application_protocol") throw older(endpoint);
    throw unreachable(line, endpoint, error.message);
  });
  try {
    if (socket.alpnProtocol !== RENEW_PROTOCOL) throw older(endpoint);
    socket.write(`${JSON.stringify(asked)}\n`);
    const answer = await nextLine(linesOf(socket, ANSWER_BYTES));
    if (answer === undefined)
      throw unreachable(
        line,
        endpoint,
        "it closed the connection without an answer: this machine is not on its list of clients, or the network failed",
      );
    const read = json.read(answer, readRenewAnswer);
    if ("value" in read) return read.value;
    throw unreachable(line, endpoint, `its answer cannot be read: ${read.problems[0]}`);
  } finally {
    socket.destroy();
  }
}
