/** Turns rules into decisions, once for every operation when a role is made. */
import { type Operation, type OperationCall, operations } from "../../engine/index.ts";
import type { Answer } from "../answers/index.ts";
import type { Asking } from "../asking.ts";
import type { HostBind } from "../body/model/index.ts";
import type { GrpcCall } from "../build/index.ts";
import type { Allow, Calls, Decision, Deny, Judge, Permitted, Verdict } from "../decision.ts";
import type { Refusal } from "../refusal.ts";
import { administers, type RoleDefinition } from "./catalogue.ts";
import {
  type AllowRule,
  type JudgeRule,
  type RefuseRule,
  type RoleRules,
  type Rule,
  type RuleCalls,
  type RuleVerdict,
  refuseCall,
} from "./rule.ts";
import { rulesOf } from "./rules/index.ts";

/** A compiled role: nothing has to be computed when a request arrives. */
export interface Role {
  readonly name: string;
  /** May use the admin API. */
  readonly admin: boolean;
  readonly decisions: ReadonlyMap<Operation, Decision>;
  /** For what is no operation that we know, and for targets that can be read in two ways. */
  readonly unknown: Decision;
}

/** Whoever shows all of an answer shows more than who shows a part. */
function answerOf(rules: readonly AllowRule[], operation: Operation): Answer | null {
  const answers = new Set(rules.map((rule) => rule.allow(operation)));
  if (answers.has(null)) return null;
  const [answer = null, ...others] = answers;
  if (others.length > 0) throw new Error(`two rules show different parts of the answer of ${operation.name}`);
  return answer;
}

function allow(rules: readonly AllowRule[], operation: Operation): Allow {
  return { allow: true, rule: rules[0]?.id ?? "", answer: answerOf(rules, operation) };
}

function denied(
  role: string,
  operation: Operation,
  { id }: JudgeRule,
  verdict: Exclude<RuleVerdict, { body: Buffer }>,
): Deny {
  if ("missing" in verdict) return { allow: false, rule: id, reason: verdict.missing, status: 404 };
  const { check, refuse: why } = verdict;
  return refuseCall(role, operation.name, check === undefined ? id : `${id}:${check}`, why);
}

/** The calls on a connection, with refusals that name the role and the call's method. */
function callsOf(role: string, { id }: JudgeRule, { judge, ...calls }: RuleCalls): Calls {
  const deniedTo = ({ method }: GrpcCall, { check, refuse: why }: Refusal): Deny =>
    refuseCall(role, method, `${id}:${check}`, why);
  return {
    ...calls,
    judge: async (call, ...asked) => {
      const verdict = await judge(call, ...asked);
      if ("refuse" in verdict) return deniedTo(call, verdict);
      const { finish, ...passed } = verdict;
      if (finish === undefined) return { allow: true, rule: id, call: passed };
      const finished = async (answer: Uint8Array) => {
        const end = await finish(answer);
        return end instanceof Uint8Array ? end : deniedTo(call, end);
      };
      return { allow: true, rule: id, call: { ...passed, finish: finished } };
    },
  };
}

/** All judges have to let it through; each gets the body as the one before has made it. */
function judge(
  role: string,
  judges: readonly JudgeRule[],
  allowed: readonly AllowRule[],
  operation: Operation,
): Judge {
  const answer = answerOf(allowed, operation);
  const rule = judges.map(({ id }) => id).join(" ");
  const from = (
    index: number,
    soFar: Permitted,
    call: OperationCall,
    asking: Asking,
  ): Verdict | Promise<Verdict> => {
    const next = judges[index];
    if (next === undefined) return soFar;
    const then = (verdict: RuleVerdict) => {
      if (!("body" in verdict)) return denied(role, operation, next, verdict);
      const { calls, sent, ...others } = verdict;
      const judged = {
        ...(calls && { calls: callsOf(role, next, calls) }),
        ...(sent && { sent: { ...sent, rule: `${next.id}:files` } }),
      };
      return from(index + 1, { ...soFar, ...others, ...judged }, call, asking);
    };
    const verdict = next.judge(soFar.body, call, asking);
    return verdict instanceof Promise ? verdict.then(then) : then(verdict);
  };
  const tooLarge = judges.map((one) => one.tooLarge).find((text) => text !== undefined);
  return {
    allow: null,
    maxBytes: Math.min(...judges.map(({ maxBytes }) => maxBytes)),
    ...(tooLarge !== undefined && { tooLarge }),
    byBody: judges.some(({ byBody }) => byBody),
    judge: (body, call, asking) => from(0, { allow: true, rule, answer, body }, call, asking),
  };
}

function decide(role: string, { rules, otherwise }: RoleRules, operation: Operation): Decision {
  // In order of their ids, so that the order in the source decides nothing.
  const covering = rules
    .filter((rule) => rule.covers(operation))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const [refusal] = covering.filter((rule): rule is RefuseRule => "refuse" in rule);
  if (refusal) return refuseCall(role, operation.name, refusal.id, refusal.refuse(operation));
  const allowed = covering.filter((rule): rule is AllowRule => "allow" in rule);
  const judges = covering.filter((rule: Rule): rule is JudgeRule => "judge" in rule);
  if (judges.length > 0) return judge(role, judges, allowed, operation);
  if (allowed.length > 0) return allow(allowed, operation);
  return refuseCall(role, operation.name, otherwise.id, otherwise.refuse(operation));
}

/** @returns the role, with a decision for each operation there is */
export function compileRules(name: string, rules: RoleRules): Role {
  const decisions = new Map(operations.map((operation) => [operation, decide(name, rules, operation)]));
  return { name, admin: administers(name), decisions, unknown: rules.unknown };
}

export function compileRole(definition: RoleDefinition): Role {
  return compileAs(definition.name, definition);
}

/** @param name what refusals call the role @param binds paths of the host that containers may bind */
export function compileAs(name: string, definition: RoleDefinition, binds: readonly HostBind[] = []): Role {
  return compileRules(name, rulesOf(definition, binds));
}
