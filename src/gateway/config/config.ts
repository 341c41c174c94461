/** What gateway.json says, with the defaults filled in. */
import { AUDIT_KEEP, AUDIT_ROTATE_BYTES, AUDIT_SYNC_MS } from "../../audit/index.ts";
import { DAY_MS, MINUTE_MS } from "../../base/index.ts";
import type { RoleDefinition } from "../../policy/index.ts";
import type { Limits } from "../admission/limits.ts";

/** Where the gateway listens. There is no TCP without TLS, not even as an option. */
export type Listen =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  /** Whoever connects acts as `client`: the socket's mode decides who can. */
  | { readonly kind: "unix"; readonly path: string; readonly client: string; readonly mode: number }
  /** Sockets passed by systemd; TCP sockets use TLS. `client` is for the unix sockets among them. */
  | { readonly kind: "systemd"; readonly client: string | null };

export interface TlsFiles {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
}

export interface AuditSettings {
  readonly directory: string;
  /** Size of a file at which the next one is begun. */
  readonly rotateBytes: number;
  /** How many files of actions to keep, including the one being written; 2 or more. Other parts keep a quarter. */
  readonly keep: number;
  /** Milliseconds between flushes to the disk itself: a killed process loses nothing, a power cut this much. */
  readonly syncMs: number;
  readonly whenUnwritable: "refuse" | "go-on";
}

/** Where metrics are served: never to the network. */
export type MetricsListen =
  | { readonly kind: "unix"; readonly path: string }
  | { readonly kind: "loopback"; readonly host: string; readonly port: number };

/** What this host decides about the fleet that it is in. */
export interface FleetSettings {
  /** Names of roles whose clients of the fleet keep their access when the fleet's list has ended. */
  readonly rolesAfterEnd: readonly string[];
}

export interface GatewayConfig {
  readonly listen: readonly Listen[];
  /** Docker's local socket. */
  readonly upstream: string;
  /** null only where nothing listens on TCP. */
  readonly tls: TlsFiles | null;
  /** Path of the client list. */
  readonly clients: string;
  readonly roles: readonly RoleDefinition[];
  /** Whether the gateway may make and use a CA of its own, for clients. */
  readonly issuingCa: boolean;
  readonly fleet: FleetSettings;
  readonly audit: AuditSettings;
  readonly metrics: MetricsListen | null;
  readonly limits: Limits;
}

export const DEFAULT_AUDIT: Omit<AuditSettings, "directory"> = {
  rotateBytes: AUDIT_ROTATE_BYTES,
  keep: AUDIT_KEEP,
  syncMs: AUDIT_SYNC_MS,
  whenUnwritable: "refuse",
};

export const HIGHEST_ROTATE_BYTES = 1024 ** 4;
export const HIGHEST_KEEP = 10_000;
export const HIGHEST_SYNC_MS = MINUTE_MS;
/** Any limit above this is a mistake. */
export const HIGHEST_LIMIT = 1024 ** 3;
export const HIGHEST_DURATION_MS = DAY_MS;
