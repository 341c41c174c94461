/** What `up` needs from outside. Implemented in src/cli/up/ports.ts with src/system; by fakes in test/support/app. */
import type { Clock } from "../../base/index.ts";
import type { Endpoint, Prober, Target } from "../../engine/index.ts";
import type { Executable, Plan, StepName } from "../../host/index.ts";
import type { LineStore } from "../../line/index.ts";
import type { ApprovalRecords } from "../approve/index.ts";
import type { GatewayPorts } from "../gateway-api/index.ts";
import type { LookEvent, OpenHost, RandomPort } from "../host/index.ts";
import type { LinePorts } from "../lines/index.ts";
import type { Prepared } from "./prepared.ts";

/** Connections from outside. */
export interface OutsidePort {
  readonly probe: Prober;
  /** Every address of an endpoint; one that does not resolve is its own only target. Never rejects. */
  resolve(endpoint: Endpoint, timeoutMs: number): Promise<Target[]>;
}

/** Waiting. Its time is for differences only, and never jumps. */
export interface TimerPort {
  /** Milliseconds. */
  now(): number;
  pause(ms: number): Promise<void>;
}

/** This machine and who sits at it. */
export interface LaptopPort {
  /** `user@laptop`: names the client certificate and the journal's entries. */
  operator(): string;
  /** Version of this tetherdock. */
  readonly version: string;
  /** Addresses of its own interfaces, without zones. */
  addresses(): readonly string[];
  /**
   * The gateway's program.
   * @param machine as `uname -m` says on the host
   * @param held sums of the programs that the host has already
   * @throws EXECUTABLE_MISSING
   */
  findExecutable(machine: string, held: ReadonlySet<string>): Promise<Executable>;
}

/** What only the user can decide. */
export type Question =
  /** Whether a plan is carried out. */
  | { readonly kind: "plan"; readonly prepared: Prepared; readonly plan: Plan }
  /** Whether a host that cannot prove it becomes the line's; `sides` are both sides in words. */
  | { readonly kind: "new-host"; readonly line: string; readonly sides: readonly string[] };

/** Questions to the user. */
export interface QuestionsPort {
  /** False also where nobody can be asked about a `new-host`. @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  confirm(question: Question): Promise<boolean>;
  /** Of the CA key of a line. @throws PROMPT_IMPOSSIBLE, INTERRUPTED */
  passphrase(line: string): Promise<string>;
  /** For a CA key that is about to be made. @throws PROMPT_IMPOSSIBLE, INTERRUPTED, USAGE */
  newPassphrase(): Promise<string>;
}

/** What happens on the way. Texts in here are for people; programs read `kind` and `id`. */
export type UpEvent =
  | { readonly kind: "step"; readonly id: StepName["id"] | "prove"; readonly title: string }
  | LookEvent
  /** A docker context has the line's new files. */
  | { readonly kind: "notice"; readonly id: "context-refreshed"; readonly name: string }
  /** A line whose names and addresses are not known, and may be the same. */
  | { readonly kind: "notice"; readonly id: "line-damaged"; readonly name: string }
  /**
   * Clients that cannot fetch the new CA by themselves, or (left-behind) are cut off when it takes the old one's place;
   * null: the gateway does not say who.
   */
  | {
      readonly kind: "notice";
      readonly id: "by-hand" | "left-behind";
      readonly names: readonly string[] | null;
    }
  /** The host is of a kind that nobody has tried. */
  | { readonly kind: "notice"; readonly id: "untried"; readonly text: string };

/** For one client's machine. No secret. */
export interface ReissuedFile {
  readonly name: string;
  /** PEM. */
  readonly text: string;
}

/** All of it. */
export interface UpPorts extends LinePorts, GatewayPorts {
  readonly lines: LineStore;
  readonly clock: Clock;
  readonly timer: TimerPort;
  readonly random: RandomPort;
  readonly outside: OutsidePort;
  readonly laptop: LaptopPort;
  readonly questions: QuestionsPort;
  /** Of clients that this machine has approved. */
  readonly approvals: ApprovalRecords;
  /** Keeps new certificates for clients, in place of any before. @returns absolute paths, in the same order @throws FILE_FAILED */
  reissued(line: string, files: readonly ReissuedFile[]): Promise<readonly string[]>;
  /** Aborted when the user wants to stop; its reason is an INTERRUPTED TetherdockError. */
  readonly signal: AbortSignal;
  /** @param target the ssh destination, or null for this machine @throws SSH_…, HOST_NO_ROOT, SUDO_…, INTERRUPTED */
  open(target: string | null): Promise<OpenHost>;
  report(event: UpEvent): void;
}
