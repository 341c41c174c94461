/**
 * `client approve` for a client that this machine has approved before: a new certificate for the same key, for its next
 * `renew`. For gateways that have no CA. Nothing is asked of the gateway: the key is the one that was approved.
 */
import { DAY_MS, TetherdockError } from "../../base/index.ts";
import { keyFingerprint } from "../../pki/index.ts";
import { callLine, readDone } from "../gateway-api/index.ts";
import type { ApprovalRecord } from "./approval-record.ts";
import type { ApprovedClient, ApprovePorts, Wanted } from "./ports.ts";
import { signClient } from "./sign-client.ts";

/** @returns null: the operator does not agree @throws APPROVE_REFUSED, GATEWAY_REFUSED, GATEWAY_UNREACHABLE, CA_… */
export async function signAgain(
  ports: ApprovePorts,
  line: string,
  { name, expires, publicKey }: ApprovalRecord,
  wanted: Wanted,
): Promise<ApprovedClient | null> {
  const fingerprint = keyFingerprint(publicKey);
  if (wanted.fingerprint !== undefined && wanted.fingerprint !== fingerprint)
    throw new TetherdockError("APPROVE_REFUSED", `another key was approved as ${name}`, {
      why: [`its fingerprint is ${fingerprint}`],
    });
  const end = expires === null ? null : Date.parse(expires);
  if (end !== null && end <= ports.clock())
    throw new TetherdockError("APPROVE_REFUSED", `the access of ${name} has ended`, {
      why: [`it ended ${expires}`],
    });
  const isDecided = wanted.yes || wanted.fingerprint !== undefined;
  if (!isDecided && !(await ports.agreesAgain({ name, expires, fingerprint }))) return null;
  const until = end === null ? null : end + DAY_MS;
  const { certificate } = await signClient(ports, line, { publicKey, name, until });
  const path = `renewals/${encodeURIComponent(name)}`;
  await callLine(ports, line, { method: "PUT", path, body: { certificate } }, readDone);
  return { line, name, role: null, expires, fingerprint };
}
