/** Who is at the other end of a connection, and what its requests may do. Determined once per connection, but for the end of access. */
import type { Admission } from "../../identity/index.ts";
import type { Role } from "../../policy/index.ts";
import type { Peer } from "./peer.ts";
import type { ConnectionRule } from "./refusal-text.ts";

export interface Authorization {
  readonly peer: Peer;
  /** A change of the list may move its end. */
  admission: Admission;
  /** null: not admitted, or its role is not defined. */
  readonly role: Role | null;
  /** Why every request is refused, whatever the role allows; null: not blocked. */
  readonly blocked: ConnectionRule | null;
}

/** Whether any of its requests can be allowed. */
export function isAuthorized({ admission, role, blocked }: Authorization): boolean {
  return admission.admitted && role !== null && blocked === null;
}

/** Whether its access has expired, on the list or with its certificate. @param now milliseconds since the epoch */
export function hasExpired({ admission, peer }: Authorization, now: number): boolean {
  return admission.admitted && (admission.until <= now || peer.notAfter <= now);
}
