/** The CA that comes with a renewal: what is told of it, to the user and to the gateway (ADR 0032). */
import type { RenewCredential } from "../../gateway/index.ts";
import { type Line, lineEndpoint } from "../../line/index.ts";
import { authorityKeys, readBundle, readCertificate } from "../../pki/index.ts";
import type { RenewPorts } from "./ports.ts";

/** A CA that this machine trusts from now on. */
export interface TakenCa {
  /** SHA-256 of its public key, if it is another key; null: the line's CA has a new certificate. */
  readonly key: string | null;
  /** When it ends. */
  readonly until: number;
}

/** The one that was not trusted before, or ends later now. */
export function newCaOf(next: string, before: string): TakenCa | null {
  const [now, then] = [next, before].map((text) => readBundle(text).authorities.map(readCertificate));
  const isOld = (key: string) => then?.some(({ publicKeyFingerprint }) => publicKeyFingerprint === key);
  const added = now?.find(({ publicKeyFingerprint }) => !isOld(publicKeyFingerprint));
  const [first] = now ?? [];
  if (added) return { key: added.publicKeyFingerprint, until: added.notAfter };
  return first === undefined || first.notAfter === then?.[0]?.notAfter
    ? null
    : { key: null, until: first.notAfter };
}

/**
 * A renewal that was interrupted after its certificate was written may not have told the gateway that this machine trusts
 * the CA that is offered; only another renewal can.
 */
export const trustsSeveral = (ca: string): boolean => readBundle(ca).authorities.length > 1;

/**
 * The gateway counts who trusts the CA that is to be the line's: the others could not connect afterwards.
 * @param credential as it is kept on disk by now
 * @param request that the gateway has answered
 * @param offered SHA-256 of the CA's key
 */
export async function tellTrust(
  ports: Pick<RenewPorts, "ask">,
  line: Line,
  credential: RenewCredential,
  request: string,
  offered: string,
): Promise<void> {
  if (!authorityKeys(credential.ca).includes(offered)) return;
  await ports.ask(line.name, lineEndpoint(line), credential, { request, lifeMs: null, trusts: offered });
}
