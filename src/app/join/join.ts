/** `join`: makes a line of an invitation, with a key made here. The host is recognised by the token, never by ssh. */
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint, makeEndpoint } from "../../engine/index.ts";
import type { Issued, JoinCredential, Refused } from "../../gateway/index.ts";
import { parseToken } from "../../identity/index.ts";
import { parseLineName } from "../../line/index.ts";
import { canonicalPem, isClientCertificateFor, isIssuedBy } from "../../pki/index.ts";
import { stageJoin } from "./pending-join.ts";
import type { JoinPorts } from "./ports.ts";
import { provenCa } from "./proven-ca.ts";
import { untilAnswered } from "./until-answered.ts";

const UNPROVEN_HINT = "ask whoever invited you; do not try again on this network";

export interface JoinedLine {
  readonly line: string;
  readonly address: string;
  /** As whom the gateway knows this machine. */
  readonly client: string;
  /** null: it is root, as everybody is in native mode. */
  readonly role: string | null;
  /** ISO 8601; null: with the certificate. */
  readonly expires: string | null;
}

async function requireFree({ lines }: JoinPorts, name: string): Promise<void> {
  const names = await lines.list();
  if (!names.includes(name)) return;
  const free = [2, 3, 4, 5, 6, 7, 8, 9]
    .map((count) => `${name.slice(0, 61)}-${count}`)
    .find((one) => !names.includes(one));
  throw new TetherdockError("LINE_EXISTS", `there is already a line "${name}"`, {
    why: ["the invitation was not used"],
    hints: [
      ...(free === undefined ? [] : [shellJoin(["tetherdock", "join", "--name", free])]),
      shellJoin(["tetherdock", "status", name]),
    ],
  });
}

function refused(endpoint: Endpoint, { refused: why, retry }: Refused): TetherdockError {
  return new TetherdockError(
    "JOIN_REFUSED",
    `the gateway at ${formatEndpoint(endpoint)} does not accept the invitation`,
    {
      why: [quoteForeign(why)],
      hints: [
        retry
          ? "tetherdock join   # again, with the same token"
          : "ask whoever invited you for a new invitation",
      ],
    },
  );
}

/** The gateway is verified by now, but a certificate that this key does not fit would make a line that fails. */
function checkCertificate({ certificate }: Issued, { ca, key }: JoinCredential, approval: boolean): string {
  // Without a CA on the host, only the line's own can have signed.
  if (isClientCertificateFor(certificate, key) && (!approval || isIssuedBy(certificate, ca)))
    return canonicalPem(certificate);
  throw new TetherdockError("JOIN_REFUSED", "the gateway sent a certificate that is not for this machine", {
    hints: ["ask whoever invited you for a new invitation"],
  });
}

export interface JoinOptions {
  /** Of the new line; undefined: as it is called where the invitation was made. */
  readonly name?: string | undefined;
  /** Whether to wait until an admin approves the request; it does unless told otherwise. */
  readonly wait?: boolean;
}

/**
 * @param text the token as pasted
 * @throws TOKEN_INVALID, LINE_EXISTS, LINE_PENDING, JOIN_UNREACHABLE, JOIN_HOST_UNPROVEN, JOIN_REFUSED, JOIN_WAITING, INTERRUPTED
 */
export async function join(
  ports: JoinPorts,
  text: string,
  { name, wait = true }: JoinOptions = {},
): Promise<JoinedLine> {
  const token = parseToken(text);
  const endpoint = makeEndpoint(token.address, token.port);
  const line = parseLineName(name ?? token.line);
  await requireFree(ports, line);
  const ca = await provenCa(ports.gateway, endpoint, [token.caFingerprint], "the invitation", UNPROVEN_HINT);
  const credential = await stageJoin(ports, { name: line, endpoint, ca });
  const answer = await untilAnswered(ports, { line, endpoint, credential, token, wait });
  if ("refused" in answer) {
    // Nothing was decided with `retry`: then the key is needed again.
    if (!answer.retry) await ports.lines.discard(line);
    throw refused(endpoint, answer);
  }
  const certificate = checkCertificate(answer, credential, token.approval);
  await ports.lines.updatePending(line, "docker/cert.pem", certificate);
  await ports.lines.commit(line);
  const { name: client, role, expires } = answer;
  return { line, address: formatEndpoint(endpoint), client, role, expires };
}
