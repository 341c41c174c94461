/** What is decided before the first change, for everything that follows. */
import type { HostFacts } from "../../facts/index.ts";
import type { DesiredGateway, DesiredState, Executable, Plan, Survey } from "../../host/index.ts";
import type { Line, LineFile } from "../../line/index.ts";
import type { Authority, San } from "../../pki/index.ts";
import type { ApprovalRecord } from "../approve/index.ts";
import type { UpRequest } from "./request.ts";

/** What goes with a CA that is replaced at once, in native mode. */
export interface CaReplacement {
  /** Clients that get no certificate of the new CA. */
  readonly revokes: readonly string[];
  /** For the new CA's key, signed by the old one: by it, the others recognise the new one. PEM. */
  readonly cross: string;
  /** The old CA, to prove that it lets nobody in any more; null: that was proven, and `up` was interrupted afterwards. */
  readonly former: Authority | null;
  /** Written last. */
  readonly done: readonly [LineFile, string];
}

/** What becomes of a line's CA (ADR 0032). */
export interface CaChange {
  readonly state: "one" | "offered" | "switched";
  /** Null: it is not replaced at once. */
  readonly atOnce: CaReplacement | null;
  /** The host's `ca.pem`. */
  readonly hostCa: string;
  /** Why the host's is written, if it has another; null: for no reason of its own. */
  readonly reason: string | null;
  /** Whether the CA has a new certificate, which is written in any case: a dry run may not be able to sign it. */
  readonly isMade: boolean;
  /** The CA that is to replace, or replaces, the line's; null: none. */
  readonly next: string | null;
  /** `ca/other-ca.pem`, before the host changes; null: as it is. */
  readonly staged: string | null;
  /** Files of the line that are written after the host has confirmed, in this order. */
  readonly kept: readonly (readonly [LineFile, string])[];
}

/** PEM texts and the opened CA. */
export interface Identity {
  readonly id: string;
  readonly ca: string;
  readonly caKey: string;
  readonly certificate: string;
  readonly key: string;
  readonly authority: Authority;
  /** Whether the client certificate was made just now. */
  readonly fresh: boolean;
  readonly caChange: CaChange;
}

/** What the user named, and what the host claims. */
export interface CertificateNames {
  /** The line's address and `--san`: they make the certificate, and each must be proven from here. */
  readonly named: readonly San[];
  /** Addresses that the host says it has. Probed, never signed for: anybody can claim any address. */
  readonly claimed: readonly string[];
}

/** The desired gateway, and where its program comes from. */
export interface GatewayParts {
  readonly desired: DesiredGateway;
  readonly executable: Executable;
}

/** The line to make, and how. */
export interface Prepared {
  readonly request: UpRequest;
  readonly facts: HostFacts;
  readonly survey: Survey;
  /** The line as it will be. */
  readonly line: Line;
  /** The line as this laptop has it; null for a new one. */
  readonly before: Line | null;
  readonly identity: Identity;
  readonly names: CertificateNames;
  /** SHA-256 of the server key on the host; empty where there is none yet. */
  readonly serverKey: string;
  readonly desired: DesiredState;
  /** Null in native mode. */
  readonly gateway: GatewayParts | null;
  /** Clients of a native line that get a new certificate, of the CA that replaces its CA. */
  readonly reissued: readonly ApprovalRecord[];
  /** Names of clients that lose access with those who are revoked, because they have the same key. */
  readonly twins: readonly string[];
  readonly plan: Plan;
}
