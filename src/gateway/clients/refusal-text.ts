/** What a refused client is told. It has the certificate's key, so it may know what became of the certificate. */
import type { Refusal } from "../../identity/index.ts";
import { ADMIN_ROLE } from "../../policy/index.ts";

export type ConnectionRule =
  | Refusal
  | "unknown-role"
  | "audit-unwritable"
  | "admin-only"
  | "too-many-connections"
  | "too-many-starts"
  | "too-many-answers"
  | "too-many-logs";

const TEXTS: Readonly<Record<ConnectionRule, string>> = {
  "unknown-client": "your certificate is not on this host's list of clients; ask an admin to add it",
  "revoked-client":
    "your access to this host was revoked; ask an admin to let you in again (a fleet lets in a new key only)",
  "expired-client": "your access to this host has expired; ask an admin to invite this machine again",
  "unknown-role":
    "your role is not defined on this host; ask an admin to apply its file again, or to give you another role",
  "audit-unwritable":
    "the audit log on the host cannot be written, so all requests are refused; ask an admin to check its disk",
  "admin-only": `only clients with the role ${ADMIN_ROLE} may use the admin API`,
  "too-many-connections": "you have too many connections open to this host",
  "too-many-starts":
    "Docker has not answered many of your starts of containers and execs; wait, look whether /etc/passwd in the container is a file, and end execs that print nothing (docker stop CONTAINER)",
  "too-many-answers":
    "Docker has not answered earlier requests of this kind, by you or by others, for a minute; try again later",
  "too-many-logs":
    "others are reading as many logs as Docker should keep in memory at once, for a minute now; try again later",
};

export function refusalText(rule: ConnectionRule): string {
  return TEXTS[rule];
}

/** 503 while the audit log cannot be written, 429 for too many of something, otherwise 403. */
export function refusalStatus(rule: string): number {
  if (rule === "audit-unwritable") return 503;
  return rule.startsWith("too-many-") ? 429 : 403;
}
