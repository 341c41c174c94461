/** Who is at the other end of a connection and what becomes of its requests: looked up once a connection. */
import type { Admission } from "../../identity/index.ts";
import type { Role } from "../../policy/index.ts";
import type { Peer } from "./peer.ts";
import type { ConnectionRule } from "./refusal-text.ts";

export interface Standing {
  readonly peer: Peer;
  readonly admission: Admission;
  /** null: not admitted, or its role is not defined. */
  readonly role: Role | null;
  /** Why nothing is let through, whoever it is. */
  readonly barred: ConnectionRule | null;
}

/** Whether there is anything that it may ask. */
export function isWelcome({ admission, role, barred }: Standing): boolean {
  return admission.admitted && role !== null && barred === null;
}

/** Whether what it was let in by has ended since. @param now milliseconds since the epoch */
export function hasExpired({ admission, peer }: Standing, now: number): boolean {
  return admission.admitted && (admission.until <= now || peer.notAfter <= now);
}
