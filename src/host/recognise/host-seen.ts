/** The two sides of the question "is this the line's host?": what the laptop recorded, and what it finds now. */
import type { HostFacts, TransactionAbout } from "../../facts/index.ts";
import { isSamePlace, type Line, type SshPlace, wayTo } from "../../line/index.ts";

/** What this laptop finds at a destination. Only `proven` decides; the rest is for the question. */
export interface HostSeen {
  /** The ssh destination as typed; null for this machine. */
  readonly target: string | null;
  readonly ssh: SshPlace | null;
  /** SHA-256 of the server key that the host shows; null if it shows none. Anybody can show any public key. */
  readonly serverKey: string | null;
  /** The id of the line whose recorded server key signed our nonce; null if none did. */
  readonly proven: string | null;
  /** What the host's own journal says: only a claim. */
  readonly claim: TransactionAbout | null;
}

/** The line in the host's journal. */
export function lineOnHost(facts: HostFacts): TransactionAbout | null {
  const confirmed = facts.transactions.filter(({ state, about }) => state === "confirmed" && about);
  return confirmed.at(-1)?.about ?? null;
}

/** Whether a line was made with this destination, however it was typed. */
export function isAtDestination(line: Line, { target, ssh }: HostSeen): boolean {
  return wayTo(line) === target || isSamePlace(line.host.ssh, ssh);
}

const SHORT = 16;

function place(ssh: SshPlace | null): string {
  if (!ssh) return "";
  const keys = ssh.hostKeys.length > 0 ? `, ssh host keys ${ssh.hostKeys.join(" ")}` : "";
  return ` (${ssh.hostname} port ${ssh.port}${keys})`;
}

function key(fingerprint: string | undefined | null): string {
  return fingerprint ? `server key ${fingerprint.slice(0, SHORT)}…` : "no server key";
}

function whyUnproven({ host }: Line, { serverKey }: HostSeen): string {
  if (host.serverKeys.length === 0)
    return "the line was made before tetherdock recorded the server key of its host";
  if (serverKey === null) return "this host has no server key, as after a reinstallation";
  return host.serverKeys.includes(serverKey)
    ? "this host shows the line's public key, but does not sign with it"
    : "this host has another server key";
}

/** Both sides in words, one line each. */
export function describeSides(line: Line, seen: HostSeen): string[] {
  const { host, target, createdAt } = line;
  const recorded = host.serverKeys[0];
  const made = `${target ?? "this machine"}${place(host.ssh)}, ${recorded ? key(recorded) : "server key not recorded"}`;
  return [
    `the line "${line.name}" was made on ${createdAt.slice(0, 10)} with ${made}`,
    `this host is ${seen.target ?? "this machine"}${place(seen.ssh)}, ${key(seen.serverKey)}`,
    whyUnproven(line, seen),
    ...(seen.claim?.lineId === line.id ? ["its journal names this line, but any host could write that"] : []),
  ];
}
