/** Clients of a native line when its CA is replaced: who gets a new certificate, by what this machine has recorded. */
import { counted, someOf, TetherdockError } from "../../../base/index.ts";
import type { Line } from "../../../line/index.ts";
import { publicKeyFingerprint } from "../../../pki/index.ts";
import { type ApprovalRecord, parseAnyApproval } from "../../approve/index.ts";
import type { UpPorts } from "../ports.ts";
import type { CaChange, Identity } from "../prepared.ts";
import { retyped, type UpRequest } from "../request.ts";

/** Nobody reads more names. */
const MOST_NAMES = 20;

function unknown(name: string, request: UpRequest, known: readonly ApprovalRecord[]): TetherdockError {
  return new TetherdockError("CLIENT_UNKNOWN", `this machine has approved nobody as ${name}`, {
    why: [
      known.length === 0
        ? "it has no record of any client of this line"
        : `it knows ${someOf(
            known.map((one) => one.name),
            MOST_NAMES,
          )}`,
    ],
    hints: [
      `${retyped(request, { revoke: undefined })}   # ends every certificate that this machine has no record of`,
    ],
  });
}

export interface Recorded {
  /** Those whose access has not ended, sorted by name. */
  readonly reissued: readonly ApprovalRecord[];
  /** Other names that a revoked key was approved by: a certificate for one of them would let it in again. */
  readonly twins: readonly string[];
  /** How many records, or keys in them, cannot be read: nothing can be signed for these clients. */
  readonly unread: number;
}

/**
 * Read before the host changes, so that a damaged record cannot stop what follows.
 * @throws CLIENT_UNKNOWN: nobody of that name could be left out; FILE_FAILED
 */
export async function reissuedBy(
  { approvals, clock }: Pick<UpPorts, "approvals" | "clock">,
  request: UpRequest,
  line: Line | null,
  { caChange: { atOnce } }: Identity,
): Promise<Recorded> {
  if (line === null || atOnce === null) return { reissued: [], twins: [], unread: 0 };
  const texts = await approvals.list(line.name);
  const known = texts.flatMap((text) => parseAnyApproval(text) ?? []);
  const missing = atOnce.revokes.find((name) => known.every((one) => one.name !== name));
  // An interrupted one may have removed it already.
  if (missing !== undefined && atOnce.former !== null) throw unknown(missing, request, known);
  const now = clock();
  const isRevoked = ({ name }: ApprovalRecord) => atOnce.revokes.includes(name);
  const keyOf = ({ publicKey }: ApprovalRecord) => publicKeyFingerprint(publicKey) ?? publicKey;
  const keys = known.filter(isRevoked).map(keyOf);
  const others = known.filter((one) => !isRevoked(one));
  const isTwin = (one: ApprovalRecord) => keys.includes(keyOf(one));
  const staying = others
    .filter((one) => !isTwin(one))
    .filter(({ expires }) => expires === null || Date.parse(expires) > now)
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const reissued = staying.filter(({ publicKey }) => publicKeyFingerprint(publicKey) !== null);
  const unread = texts.length - known.length + staying.length - reissued.length;
  return { reissued, twins: others.filter(isTwin).map(({ name }) => name), unread };
}

/** Why the host gets another CA; in native mode, with whom that concerns. */
export function reissueReason(
  { reason, atOnce }: CaChange,
  { reissued, twins, unread }: Recorded,
): string | null {
  if (reason === null || atOnce === null) return reason;
  const { revokes } = atOnce;
  const names = reissued.map(({ name }) => name);
  return [
    reason,
    ...(revokes.length === 0 ? [] : [`revoked: ${someOf(revokes, MOST_NAMES)}`]),
    ...(twins.length === 0 ? [] : [`with the same key, also revoked: ${someOf(twins, MOST_NAMES)}`]),
    names.length === 0
      ? "no other client is recorded here"
      : `need the new certificate that this machine signs for them: ${someOf(names, MOST_NAMES)}`,
    ...(unread === 0
      ? []
      : [`left out, because their records here cannot be read: ${counted(unread, "client")}`]),
  ].join("; ");
}
