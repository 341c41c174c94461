/** `ci-login`: makes a line in a CI job, with a key made there and the job's OIDC token (ADR 0033). */
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { type Endpoint, formatEndpoint } from "../../engine/index.ts";
import type { Issued, IssuedOrRefused, JoinCredential } from "../../gateway/index.ts";
import { formatLine, joinedLine, parseLine } from "../../line/index.ts";
import { canonicalPem, isClientCertificateFor, makeKeyPair, selfSignedClient } from "../../pki/index.ts";
import { isPinned, type JoinedLine, provenCa } from "../join/index.ts";
import type { CiLoginPorts } from "./ports.ts";

export interface CiLogin {
  readonly endpoint: Endpoint;
  /** The line's CA, and while it is replaced the next one: see isPinned. */
  readonly pins: readonly string[];
  /** As whom the gateway knows the jobs. */
  readonly client: string;
  /** Of the new line. */
  readonly name: string;
}

/** Issuers and networks fail briefly, and nobody is there to run a job's command again. */
const ATTEMPTS = 3;

/**
 * A job on a runner that keeps its files replaces the line of an earlier job, and no other.
 * @returns whether there is one
 */
async function requireReplaceable(
  { lines }: CiLoginPorts,
  { name, endpoint, pins }: CiLogin,
): Promise<boolean> {
  if (!(await lines.list()).includes(name)) return false;
  const { joined, address, port } = await lines.read(name);
  const isSame = joined && address === endpoint.host && port === endpoint.port;
  if (isSame && isPinned(await lines.readFile(name, "docker/ca.pem"), pins)) return true;
  throw new TetherdockError(
    "LINE_EXISTS",
    `there is already a line "${name}", to another host or made here`,
    {
      hints: [
        "export TETHERDOCK_HOME=$(mktemp -d)   # a place of the job's own",
        `${shellJoin(["tetherdock", "status", name])}   # what it is`,
      ],
    },
  );
}

/** Discards what a killed job has staged. What an interrupted `up` has left is for `up` to finish. */
async function discardLeft({ lines }: CiLoginPorts, name: string): Promise<void> {
  const left = (await lines.pending(name))?.["line.json"];
  if (left !== undefined && parseLine(left, "the pending line").joined) await lines.discard(name);
}

async function attempt(
  { gateway, pause }: CiLoginPorts,
  { endpoint, client }: CiLogin,
  credential: JoinCredential,
  token: string,
): Promise<IssuedOrRefused> {
  for (let left = ATTEMPTS; ; left -= 1) {
    try {
      const answer = await gateway.redeem(endpoint, credential, { client, token });
      if (left === 1 || !("refused" in answer) || !answer.retry) return answer;
    } catch (error) {
      if (left === 1 || !(error instanceof TetherdockError) || error.code !== "JOIN_UNREACHABLE") throw error;
    }
    await pause();
  }
}

/** The gateway is verified by now, but a certificate that this key does not fit would make a line that fails. */
function checked(answer: IssuedOrRefused, { endpoint, client }: CiLogin, key: string): Issued {
  if ("refused" in answer)
    throw new TetherdockError(
      "JOIN_REFUSED",
      `the gateway at ${formatEndpoint(endpoint)} does not let this job in as ${client}`,
      {
        why: [quoteForeign(answer.refused)],
        hints: [
          `${shellJoin(["tetherdock", "client", "show", client])}   # by an admin: what the token must say`,
          `${shellJoin(["tetherdock", "audit", "show", "--client", client])}   # by an admin: what was refused`,
        ],
      },
    );
  if (isClientCertificateFor(answer.certificate, key)) return answer;
  throw new TetherdockError("JOIN_REFUSED", "the gateway sent a certificate that is not for this job", {
    hints: ["ask whoever manages the gateway"],
  });
}

/** @throws LINE_EXISTS, LINE_PENDING, OIDC_TOKEN_MISSING, JOIN_UNREACHABLE, JOIN_HOST_UNPROVEN, JOIN_REFUSED */
export async function ciLogin(ports: CiLoginPorts, wanted: CiLogin): Promise<JoinedLine> {
  const { lines, clock, random } = ports;
  const { name, endpoint, pins } = wanted;
  const replaces = await requireReplaceable(ports, wanted);
  const token = await ports.token();
  const hint = "ask whoever manages the gateway for the pin";
  const ca = await provenCa(ports.gateway, endpoint, pins, "--pin", hint);
  const key = makeKeyPair().privateKey;
  const own = await selfSignedClient(key, "tetherdock ci-login", clock());
  const answer = checked(await attempt(ports, wanted, { ca, certificate: own, key }, token), wanted, key);
  const { certificate, role, expires } = answer;
  // What an earlier job has left goes only now, with the new certificate in hand.
  if (replaces) await lines.remove(name);
  await discardLeft(ports, name);
  const line = joinedLine({ id: random.hex(8), name, mode: "gateway", endpoint, now: clock() });
  await lines.stage(name, {
    "line.json": formatLine({ ...line, job: true }),
    "docker/ca.pem": ca,
    "docker/cert.pem": canonicalPem(certificate),
    "docker/key.pem": key,
  });
  await lines.commit(name);
  return { line: name, address: formatEndpoint(endpoint), client: answer.name, role, expires };
}
