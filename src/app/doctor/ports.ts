/**
 * What a visit needs from outside. Implemented in src/cli/doctor/ports.ts with src/system; by fakes in
 * test/support/app.
 */
import type { Clock, TetherdockError } from "../../base/index.ts";
import type { EndpointReport, Report, SurveyItem } from "../../doctor/index.ts";
import type { Endpoint, Target } from "../../engine/index.ts";
import type { FleetFolders } from "../../fleet/index.ts";
import type { LineStore } from "../../line/index.ts";
import type { OpenHost, RandomPort } from "../host/index.ts";
import type { SelectionPorts } from "../lines/index.ts";

/** Connections to the endpoints of a visit. */
export interface SurveyPort {
  /** The addresses of a name; the name itself where it does not resolve. */
  resolve(endpoint: Endpoint, timeoutMs: number): Promise<Target[]>;
  /**
   * Probes many endpoints, a bounded number at a time.
   * @returns one report an endpoint, in their order
   * @throws CREDENTIAL_UNUSABLE; the signal's reason when the user aborted
   */
  survey(
    items: readonly SurveyItem[],
    options: { readonly signal: AbortSignal; readonly onProgress: (done: number, of: number) => void },
  ): Promise<EndpointReport[]>;
}

/** What happens on the way. */
export type VisitEvent =
  /** A host is inspected over ssh; sudo may ask. */
  | { readonly kind: "inspecting"; readonly target: string }
  /** Its client list, for `topology`, where the host was not inspected. */
  | { readonly kind: "asking-gateway"; readonly line: string }
  | { readonly kind: "probing"; readonly done: number; readonly of: number };

/** All that a visit needs. */
export interface VisitPorts extends SelectionPorts {
  readonly lines: Pick<LineStore, "list" | "preferred" | "read" | "readFile" | "exposedKeys">;
  /** Those that this machine operates. */
  readonly fleets: Pick<FleetFolders, "list" | "read">;
  readonly clock: Clock;
  readonly random: RandomPort;
  readonly outside: SurveyPort;
  /** Aborted when the user wants to stop; its reason is an INTERRUPTED TetherdockError. */
  readonly signal: AbortSignal;
  /** Names under which machines wait for approval at the gateway of a line; empty: none, or it does not say. */
  waiting(line: string): Promise<readonly string[]>;
  /** The name or address that ssh connects to for a destination. @throws where there is no ssh */
  hostnameOf(destination: string): Promise<string>;
  /** Where a docker context points; undefined when there is none of this name, or it does not say. */
  contextHost(name: string): Promise<string | undefined>;
  /** @param target the ssh destination, or null for this machine @throws SSH_…, HOST_NO_ROOT, SUDO_…, INTERRUPTED */
  open(target: string | null): Promise<OpenHost>;
  report(event: VisitEvent): void;
}

/** One target of several after its visit. */
export type Visited = { readonly name: string /** As an argument of `doctor`. */; readonly word: string } & (
  | { readonly report: Report }
  | { readonly error: TetherdockError }
);

/** What visits to several targets need. */
export interface ManyPorts extends VisitPorts {
  /** After each. @param done how many were visited by now */
  visited(one: Visited, done: number, of: number): void;
}

/** What happened to the findings of one host. */
export type FixEvent =
  | { readonly kind: "by-hand"; readonly name: string; readonly findings: number }
  /** Only an address is known: `up` needs a way in. */
  | { readonly kind: "no-destination"; readonly name: string }
  | {
      readonly kind: "by-up";
      readonly name: string;
      readonly findings: number;
      readonly target: string | null;
    };

/** What `--fix` needs. */
export interface FixPorts {
  /** Runs `up` with its defaults; it shows its plan and asks. @param target null: this machine */
  up(target: string | null): Promise<void>;
  report(event: FixEvent): void;
}
