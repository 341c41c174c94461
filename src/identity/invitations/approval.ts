/** What becomes of an invitation whose key an admin approves before it gets in (ADR 0039). */
import { DAY_MS } from "../../base/index.ts";
import type { Invitation } from "./invitation.ts";
import type { KeyRequest } from "./key-request.ts";

/** How long a request waits for an admin, and a certificate for the machine that joins. */
export const WAIT_MS = 7 * DAY_MS;

/** The first request of the key that owns the token; later ones of it change nothing. */
export function withRequest(invitation: Invitation, request: KeyRequest): Invitation {
  const { approval } = invitation;
  if (approval === null || approval.request !== null) return invitation;
  const until = new Date(Date.parse(request.at) + WAIT_MS).toISOString();
  return { ...invitation, until, approval: { ...approval, request } };
}

/** How long a certificate may be fetched again: an answer can get lost. */
const FETCHED_MS = DAY_MS;

/** The machine that joins fetches its certificate. @param now milliseconds since the epoch */
export function fetched(invitation: Invitation, now: number): Invitation {
  if (invitation.approval === null) return invitation;
  const until = Math.min(Date.parse(invitation.until), now + FETCHED_MS);
  return { ...invitation, until: new Date(until).toISOString() };
}

/** What an admin has signed, and for what. */
export interface Approved extends Pick<Invitation, "role" | "expires"> {
  /** Of the key. */
  readonly fingerprint: string;
  /** PEM. */
  readonly certificate: string;
}

const instant = (time: string | null) => (time === null ? null : Date.parse(time));

/**
 * The first approval counts: of two at once, the second changes nothing.
 * @param now milliseconds since the epoch
 * @returns the invitation with the certificate, or why it is not approved
 */
export function withCertificate(
  invitation: Invitation,
  { fingerprint, role, expires, certificate }: Approved,
  now: number,
): { readonly invitation: Invitation } | { readonly refused: string } {
  const { name, approval, usedBy } = invitation;
  if (approval === null) return { refused: `the invitation of ${name} needs no approval` };
  if (approval.request === null || usedBy === null)
    return { refused: `nobody has used the invitation of ${name} yet` };
  if (usedBy !== fingerprint) return { refused: `another key is waiting as ${name}` };
  if (role !== invitation.role || instant(expires) !== instant(invitation.expires))
    return { refused: `the invitation of ${name} is for another role or time` };
  if (approval.certificate !== null) return { invitation };
  const until = new Date(now + WAIT_MS).toISOString();
  return { invitation: { ...invitation, until, approval: { ...approval, certificate } } };
}
