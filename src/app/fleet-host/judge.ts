/** Decides what a publication means for a host, and what its receipt says. */
import { quoteForeign } from "../../base/index.ts";
import {
  type FleetDocuments,
  type HandOverAnswer,
  type HostReceipt,
  readPublication,
  revocationsIn,
  verifySignatures,
} from "../../fleet/index.ts";

/** What becomes of a publication. */
export type Judgement =
  /** The gateway gets them. @param seen their version */
  | { readonly offer: FleetDocuments; readonly seen: number }
  /** It is in force already, or refused. */
  | { readonly offer: null; readonly seen: number; readonly refused: string | null };

/** @returns whether documents revoke a key that those in force do not */
async function revokesMore(documents: FleetDocuments, offered: FleetDocuments): Promise<boolean> {
  const known = new Set(await revocationsIn(documents, documents));
  return (await revocationsIn(documents, offered)).some((key) => !known.has(key));
}

/**
 * @param inForce the gateway's documents, and their version
 * @param text from the store
 */
export async function judge(
  { documents, inForce }: Pick<HandOverAnswer, "documents" | "inForce">,
  text: string,
): Promise<Judgement> {
  const refused = (why: string): Judgement => ({ offer: null, seen: inForce, refused: why });
  // A host joins by an admin: the first root.json is trusted as it is.
  if (documents === null) return refused("this host is in no fleet");
  const read = readPublication(text);
  if ("problems" in read) return refused(quoteForeign(read.problems.slice(0, 3).join("; ")));
  const verified = await verifySignatures(documents, read.value);
  if ("refused" in verified) {
    // The gateway refuses them too, and takes what operators have revoked.
    const isRevoking = await revokesMore(documents, read.value);
    return isRevoking ? { offer: read.value, seen: inForce } : refused(quoteForeign(verified.refused));
  }
  const { version } = verified;
  return verified.isNews
    ? { offer: verified.documents, seen: version }
    : { offer: null, seen: version, refused: null };
}

/** @param answer what the gateway said last */
export function receiptOf(
  host: string,
  judged: Judgement,
  { documents: _, ...said }: HandOverAnswer,
): HostReceipt {
  return { host, seen: judged.seen, rejected: judged.offer === null ? judged.refused : null, ...said };
}
