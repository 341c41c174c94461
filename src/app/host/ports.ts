/** What a use case needs from a host, and what it reports while it waits for one. */
import type { HostShell } from "../../facts/index.ts";
import type { SshPlace } from "../../line/index.ts";

/** A root shell on the host, and the name or address under which the host is known from here. */
export interface OpenHost {
  readonly shell: HostShell;
  /** Null for this machine itself. */
  readonly hostname: string | null;
  /** As {@link HostSeen.ssh}. */
  readonly place: SshPlace | null;
}

/** Random values. */
export interface RandomPort {
  uuid(): string;
  /** @returns two hex digits a byte */
  hex(bytes: number): string;
}

/** A change that is open on the host is waited for, or was cut off and is undone; `by` is the host's word. */
export interface LookEvent {
  readonly kind: "notice";
  readonly id: "waits" | "puts-back";
  readonly by: string | null;
}

/** What a look needs. */
export interface LookPorts {
  readonly random: RandomPort;
  /** Aborted when the user wants to stop; its reason is an INTERRUPTED TetherdockError. */
  readonly signal: AbortSignal;
  report(event: LookEvent): void;
}
