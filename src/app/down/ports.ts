/** What `down` needs of the outside. Implemented in src/cli/down/ports.ts with src/system; by fakes in test/support/app. */
import type { DownPlan } from "../../host/index.ts";
import type { LookEvent, OpenHost, RandomPort } from "../host/index.ts";
import type { ContextRemoved, DockerEnvironment, LinePorts, LostContext } from "../lines/index.ts";

/** What goes on this machine. */
export interface LaptopPart {
  /** The line's name. */
  readonly line: string;
  /** Names of the docker contexts that were made from it. */
  readonly contexts: readonly string[];
  /** Where docker commands will go, if one of these contexts is the current one. */
  readonly lost: LostContext | null;
  /** Names of this machine's fleets whose list has the line's host. */
  readonly fleets: readonly string[];
  /** The host keeps serving the line's clients, and the key that made their certificates goes. */
  readonly hostStays: boolean;
}

/** All that a `down` will do. */
export interface DownPreview {
  /** The ssh destination; null for this machine. */
  readonly target: string | null;
  /** Null: there is nothing to undo on the host, or only the line is forgotten. */
  readonly plan: DownPlan | null;
  /** Null: no line of this machine goes with the host. */
  readonly laptop: LaptopPart | null;
}

/** What only the user can decide. */
export type DownQuestion =
  /** Whether the plan that was reported just now is carried out. */
  | { readonly kind: "undo" }
  /** Whether the line is deleted although its host stays as it is. What goes was reported just now. */
  | { readonly kind: "forget"; readonly line: string }
  /** Whether a host that cannot prove it is the line's is undone, and the line forgotten; `sides` are both sides in words. */
  | { readonly kind: "unproven-host"; readonly line: string; readonly sides: readonly string[] };

/** Questions to the user. */
export interface DownQuestionsPort {
  /** False also where nobody can be asked about an `unproven-host`. @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  confirm(question: DownQuestion): Promise<boolean>;
}

/** What happens on the way. */
export type DownEvent =
  | LookEvent
  /** Reported before it is refused, asked about, or carried out; a dry run returns it instead. */
  | { readonly kind: "plan"; readonly preview: DownPreview }
  | { readonly kind: "notice"; readonly id: "nothing-to-undo" }
  /** The host is undone alone: it does not prove that it is the host of this line. */
  | { readonly kind: "notice"; readonly id: "line-kept"; readonly line: string }
  /** A dry run does not ask; a `down` would. */
  | {
      readonly kind: "notice";
      readonly id: "would-ask";
      readonly line: string;
      readonly sides: readonly string[];
    }
  /** The host has proven to be the line's: `--accept-host` changed nothing. */
  | { readonly kind: "notice"; readonly id: "accept-not-needed"; readonly line: string }
  | ContextRemoved;

/** All of it. */
export interface DownPorts extends LinePorts, DockerEnvironment {
  readonly random: RandomPort;
  readonly questions: DownQuestionsPort;
  /** Aborted when the user wants to stop; its reason is an INTERRUPTED TetherdockError. */
  readonly signal: AbortSignal;
  /** @param target the ssh destination, or null for this machine @throws SSH_…, HOST_NO_ROOT, SUDO_…, INTERRUPTED */
  open(target: string | null): Promise<OpenHost>;
  /** @param line its name, which is the host's in a fleet @returns names of this machine's fleets that have it; those that cannot be read, not */
  fleetsWith(line: string): Promise<readonly string[]>;
  report(event: DownEvent): void;
}
