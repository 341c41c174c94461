/**
 * What a role is made of: rules over operations, and over the bodies of requests. Nothing is allowed unless a rule allows
 * it, a rule that refuses always wins, and their order does not matter.
 */
import type { Operation, OperationCall } from "../../engine/index.ts";
import type { Answer } from "../answers/index.ts";
import type { Asking } from "../asking.ts";
import type { Fields, PassedCall } from "../build/index.ts";
import type { Allow, Calls, Deny, SentFiles } from "../decision.ts";
import type { Refusal } from "../refusal.ts";

interface RuleHead {
  /** Goes to the audit log: `viewer-read`. */
  readonly id: string;
  readonly covers: (operation: Operation) => boolean;
}

/** Allows calls. */
export interface AllowRule extends RuleHead {
  /** What of the answer the caller sees; null: all of it. */
  readonly allow: (operation: Operation) => Answer | null;
}

/** Refuses calls. */
export interface RefuseRule extends RuleHead {
  /** Why: the end of a sentence that names the role and the operation. */
  readonly refuse: (operation: Operation) => string;
}

/** Judges the gRPC calls on an upgraded connection. */
export interface RuleCalls extends Omit<Calls, "judge"> {
  readonly judge: (...asked: Parameters<Calls["judge"]>) => Promise<PassedCall | Refusal>;
}

/** What a judge says of one request. */
export type RuleVerdict =
  /** Goes on with this body. `target` and `answer`: where they differ from what was asked, and from what rules allow. */
  | {
      readonly body: Buffer;
      readonly target?: string;
      readonly answer?: Answer;
      readonly fields?: Fields;
      readonly calls?: RuleCalls;
      readonly sent?: Omit<SentFiles, "rule">;
      readonly notStarted?: () => Promise<void>;
    }
  /** Why it is refused: the end of a sentence; `check` goes to the audit log behind the rule. */
  | { readonly refuse: string; readonly check?: string }
  /** As if there were nothing of that name: the whole message. */
  | { readonly missing: string };

/** Allows calls that pass, by their body or by what the engine says. It narrows what other rules allow. */
export interface JudgeRule extends RuleHead {
  /** A larger body is answered 413. */
  readonly maxBytes: number;
  /** What the caller is told then, with what to change. */
  readonly tooLarge?: string;
  /** Whether the body decides, or what follows it on the connection. Otherwise the head and the engine do. */
  readonly byBody: boolean;
  /** @param body whole; empty when the request has none */
  readonly judge: (body: Buffer, call: OperationCall, asking: Asking) => RuleVerdict | Promise<RuleVerdict>;
}

export type Rule = AllowRule | RefuseRule | JudgeRule;

/** Refuses a call. @param called its operation or gRPC method @param rule for the audit log @param why the end of the sentence */
export const refuseCall = (role: string, called: string, rule: string, why: string): Deny => ({
  allow: false,
  rule,
  reason: `the role ${role} may not call ${called}: ${why}`,
});

/** Refuses what is no operation that we know. @param rule for the audit log */
export const refuseUnknown = (role: string, rule: string): Deny => ({
  allow: false,
  rule,
  reason: `not an operation of the Docker Engine API as tetherdock knows it, and the role ${role} may do nothing else`,
});

/** A role before it is compiled. */
export interface RoleRules {
  readonly rules: readonly Rule[];
  /** For an operation that no rule covers. */
  readonly otherwise: Omit<RefuseRule, "covers">;
  /** For what is no operation that we know, and for targets that can be read in two ways. */
  readonly unknown: Allow | Deny;
}
