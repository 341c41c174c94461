/**
 * `client approve`: signs for the key of a machine that asks to join, with the line's CA key, on the machine that made the
 * invitation. Name, role and end of access are the ones that this machine has kept, and the key is proven by the token's
 * secret, which the gateway has never had: a gateway that lies gets nothing signed.
 */
import { DAY_MS, quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import { type Approved, isProven, type KeyRequest } from "../../identity/index.ts";
import type { Line } from "../../line/index.ts";
import { keyFingerprint } from "../../pki/index.ts";
import { callLine, readDone, readRequest } from "../gateway-api/index.ts";
import { lineOption, pickLine } from "../lines/index.ts";
import { formatApproval, parseApproval, requireReplaceable } from "./approval-record.ts";
import { type InvitationRecord, parseRecord } from "./invitation-record.ts";
import type { ApprovedClient, ApprovePorts, Wanted } from "./ports.ts";
import { signAgain } from "./sign-again.ts";
import { requireApprover, signClient } from "./sign-client.ts";

const again = ({ name, line }: Wanted, role: string) =>
  shellJoin(["tetherdock", "client", "invite", name, "--approve", "--role", role, ...lineOption(line)]);

const takeBack = ({ name, line }: Wanted) =>
  `${shellJoin(["tetherdock", "client", "rm", name, ...lineOption(line)])}   # deny the request`;

function refused(message: string, why: string, ...hints: readonly string[]): TetherdockError {
  return new TetherdockError("APPROVE_REFUSED", message, { why: [why], hints });
}

/** @throws APPROVE_REFUSED */
async function recordOf(ports: ApprovePorts, line: string, wanted: Wanted): Promise<InvitationRecord> {
  const { name } = wanted;
  const text = await ports.records.read(line, name);
  const message = `this machine cannot approve ${name}`;
  const invite = again(wanted, "ROLE");
  if (text === undefined)
    throw refused(message, `it has made no invitation of ${name} that it has to approve`, invite);
  const read = parseRecord(text);
  if ("problems" in read) throw refused(message, read.problems.join("; "), invite);
  const { value: record } = read;
  const end = Date.parse(record.until);
  if (record.name !== name) throw refused(message, "what it has kept is of another client", invite);
  if (end <= ports.clock())
    throw refused(message, `the invitation ended ${record.until}`, again(wanted, record.role));
  if (record.expires !== null && Date.parse(record.expires) <= ports.clock())
    throw refused(message, `the access would have ended ${record.expires}`, again(wanted, record.role));
  return record;
}

/** The key is what the gateway says; whether the token's owner has chosen it is verified here. */
function provenFingerprint(record: InvitationRecord, request: KeyRequest, wanted: Wanted): string {
  const fingerprint = keyFingerprint(request.publicKey);
  if (isProven(Buffer.from(record.proofKey, "hex"), fingerprint, request.proof)) return fingerprint;
  throw refused(
    `the request of ${wanted.name} was not made with the invitation's token`,
    "the gateway or somebody else has put another key in its place, or it is for an earlier invitation",
    takeBack(wanted),
    again(wanted, record.role),
  );
}

function requireSame(fingerprint: string, wanted: Wanted): void {
  if (wanted.fingerprint === undefined || wanted.fingerprint === fingerprint) return;
  throw refused(
    `the key that waits as ${wanted.name} is another one`,
    `its fingerprint is ${fingerprint}`,
    takeBack(wanted),
  );
}

/** @throws APPROVE_REFUSED, GATEWAY_REFUSED, GATEWAY_UNREACHABLE */
async function waitingRequest(ports: ApprovePorts, line: string, { name }: Wanted): Promise<KeyRequest> {
  const path = `approvals/${encodeURIComponent(name)}`;
  const { request } = await callLine(ports, line, { method: "GET", path }, readRequest);
  if (request !== null) return request;
  throw refused(
    `nobody has asked to join as ${name} yet`,
    "the token has not been used",
    "tetherdock join   # on their machine, with the token",
  );
}

/** @returns null: an invitation is to be approved, or nothing is known of this client */
async function approvedBefore({ records, approvals }: ApprovePorts, line: string, { name }: Wanted) {
  if ((await records.read(line, name)) !== undefined) return null;
  const text = await approvals.read(line, name);
  return text === undefined ? null : parseApproval(text, name);
}

/** dockerd keeps no requests. @throws USAGE */
function requireGateway({ mode, name: line }: Line, { name }: Wanted): void {
  if (mode === "gateway") return;
  throw new TetherdockError("USAGE", `the line ${line} has no gateway that could have a request`, {
    why: ["in native mode the request comes in a file, as tetherdock join prints it"],
    hints: [shellJoin(["tetherdock", "client", "approve", name, "--request", "FILE", "--line", line])],
  });
}

/**
 * @returns null: the operator does not agree
 * @throws APPROVE_REFUSED, GATEWAY_REFUSED, GATEWAY_UNREACHABLE, STATE_NEWER, KEY_…, CA_…, LINE_…, PROMPT_IMPOSSIBLE
 */
export async function approveClient(ports: ApprovePorts, wanted: Wanted): Promise<ApprovedClient | null> {
  const line = await pickLine(ports, wanted.line);
  const found = await ports.lines.read(line);
  requireApprover(found, ["tetherdock", "client", "approve", wanted.name]);
  requireGateway(found, wanted);
  await requireReplaceable(ports.approvals, line, wanted.name);
  const before = await approvedBefore(ports, line, wanted);
  if (before !== null) return signAgain(ports, line, before, wanted);
  const record = await recordOf(ports, line, wanted);
  const { publicKey, ...request } = await waitingRequest(ports, line, wanted);
  const fingerprint = provenFingerprint(record, { publicKey, ...request }, wanted);
  requireSame(fingerprint, wanted);
  const { name, role, expires } = record;
  const shown = { name, role, expires, fingerprint, address: quoteForeign(request.address), at: request.at };
  const isDecided = wanted.yes || wanted.fingerprint !== undefined;
  if (!isDecided && !(await ports.agrees(shown))) return null;
  // As with client add, a day longer: then the gateway can say why it refuses the client.
  const until = expires === null ? null : Date.parse(expires) + DAY_MS;
  const { certificate } = await signClient(ports, line, { publicKey, name, until });
  const body: Approved = { fingerprint, role, expires, certificate };
  const path = `approvals/${encodeURIComponent(name)}`;
  await callLine(ports, line, { method: "PUT", path, body }, readDone);
  await ports.approvals.write(line, name, formatApproval({ name, expires, publicKey }));
  await ports.records.write(line, name, undefined);
  return { line, name, role, expires, fingerprint };
}
