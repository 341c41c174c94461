/** One change to a host, as data: shown as a diff, applied as one step, undone from the journal. */

import type { FileFact } from "../../facts/index.ts";
import type { San } from "../../pki/index.ts";

interface ChangeBase {
  readonly path: string;
  /** Why, in one line for the user. */
  readonly reason: string;
}

/** Writes a complete file. An existing one keeps its owner, mode, access control list and labels. */
export interface WriteChange extends ChangeBase {
  readonly kind: "write";
  /** The link that leads to the path. */
  readonly via?: string;
  readonly before: FileFact | null;
  readonly after: string;
  /** Octal permission bits for a new file. */
  readonly mode: string;
  /**
   * A service owns it and keeps changing it; if its folder is new, only root can write there. See {@link
   * Touched.shared}.
   */
  readonly shared?: true;
}

/** Removes a file or symlink. `before` is null for a symlink. */
export interface RemoveChange extends ChangeBase {
  readonly kind: "remove";
  readonly before: string | null;
  /** See {@link Touched.spare}. */
  readonly spare?: true;
}

/** Creates a symlink at a free path. */
export interface LinkChange extends ChangeBase {
  readonly kind: "link";
  readonly target: string;
}

/** Makes the server's private key, on the host, where it stays. */
export interface KeyChange extends ChangeBase {
  readonly kind: "key";
}

/** The laptop's CA signs the host's public key. */
export interface CertificateChange extends ChangeBase {
  readonly kind: "certificate";
  readonly before: FileFact | null;
  /** As in {@link WriteChange}. */
  readonly via?: string;
  readonly names: readonly San[];
}

/** One file of the gateway's program, as it is sent to hosts. */
export interface ProgramFile {
  /** Where it belongs on the host. */
  readonly path: string;
  /** Of the unpacked file: lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** As sent, gzipped. */
  readonly packedBytes: number;
}

/** Installs a program, or a library that it needs, which was sent before. */
export interface ProgramChange extends ChangeBase {
  readonly kind: "program";
  /** sha256 of the existing file. */
  readonly before: string | null;
  readonly file: ProgramFile;
}

/**
 * What happens to the gateway's socket and service: `start` begins with the socket, `restart` leaves it open, `reload`
 * makes the service read its certificate again without closing connections.
 */
export type GatewayAction = "none" | "start" | "restart" | "reload" | "stop";

/** What happens to the fleet process beside the gateway. */
export type FleetAction = "none" | "start" | "stop";

export type Change = WriteChange | RemoveChange | LinkChange | KeyChange | CertificateChange | ProgramChange;

/** Everything `up` will do to a host. */
export interface Plan {
  readonly changes: readonly Change[];
  /** Socket units to stop, because they pass plain TCP to the daemon. */
  readonly stopSockets: readonly string[];
  /** Socket units that continue with other addresses. */
  readonly restartSockets: readonly string[];
  /** Whether docker.service has to be restarted (or started). */
  readonly restart: boolean;
  readonly gateway: GatewayAction;
  readonly fleet: FleetAction;
  /** Folders and links that the gateway's service creates; see {@link Opening.trees}. */
  readonly trees: readonly string[];
  readonly warnings: readonly string[];
  /** TCP ports that served the API without requiring certificates, and that this plan closes. */
  readonly exposedPorts: readonly number[];
  /** TCP ports that must not answer as an engine afterwards. */
  readonly closedPorts: readonly number[];
}

/** Whether there is nothing to do. */
export function isEmpty(plan: Plan): boolean {
  return plan.changes.length === 0 && !plan.restart && plan.gateway === "none" && plan.fleet === "none";
}

/** A write, unless the file already has this content. */
export function writeUnlessSame(
  before: FileFact | null | undefined,
  change: Omit<WriteChange, "kind" | "before">,
): WriteChange[] {
  return before?.text === change.after ? [] : [{ kind: "write", before: before ?? null, ...change }];
}
