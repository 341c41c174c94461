/** Limits on top of a decision: they can refuse what the role's rules let through, and nothing else. */
import type { Operation } from "../../engine/index.ts";
import type { Answer } from "../answers/index.ts";
import { readJson } from "../body/json/read-json.ts";
import { isObject, type JsonObject } from "../body/json/value.ts";
import type { Allow, Judge, Permitted, Verdict } from "../decision.ts";
import { refuseCall } from "../roles/rule.ts";
import type { Asked, Check, Mode } from "./limits/index.ts";

/** One limit, as it is checked of one operation. */
export interface Checked {
  readonly limit: string;
  readonly mode: Mode;
  readonly check: Check;
}

const NOTHING: JsonObject = new Map();

/** Written by a judge, so that it can be read. */
function fieldsOf(body: Buffer): JsonObject {
  if (body.length === 0) return NOTHING;
  const value = readJson(body);
  return isObject(value) ? value : NOTHING;
}

const queryOf = (target: string): URLSearchParams => new URLSearchParams(target.split(/\?(.*)/s)[1] ?? "");

/** Docker's CLI prints the warnings in the answer to a create. */
function warning(texts: readonly string[], answer: Answer | null): Answer {
  const show = (value: unknown): unknown => {
    const shown = answer === null ? value : answer.mark.show(value);
    const before = (shown as { Warnings?: unknown } | null)?.Warnings;
    return typeof shown === "object" && shown !== null
      ? { ...shown, Warnings: [...(Array.isArray(before) ? before : []), ...texts] }
      : shown;
  };
  return { mark: { verdict: "in part", why: "warnings of the role", show, fields: null }, lines: false };
}

/** Whose answer has a list of warnings. */
const WARNS: ReadonlySet<string> = new Set(["ContainerCreate"]);

function afterAll(
  role: string,
  operation: Operation,
  checked: readonly Checked[],
  before: Permitted,
  asked: Asked,
): Verdict {
  const exceeded: { readonly limit: string; readonly text: string }[] = [];
  const notes: string[] = [];
  const warnings: string[] = [];
  for (const { limit, mode, check } of checked) {
    const problem = check(asked);
    if (problem === null) continue;
    const text = `${problem} (limit ${limit})`;
    if (mode === "enforce") {
      exceeded.push({ limit, text });
      continue;
    }
    notes.push(`${mode}:${limit}`);
    if (mode === "warn") warnings.push(`tetherdock: the role ${role}: ${text}`);
  }
  const [first] = exceeded;
  // All at once: whoever changes the command need not try again for each of them.
  if (first)
    return refuseCall(
      ...([role, operation.name, `role-limit:${first.limit}`] as const),
      exceeded.map(({ text }) => text).join("; "),
    );
  const rule = [before.rule, ...notes].join(" ");
  const tells = warnings.length > 0 && WARNS.has(operation.name);
  return { ...before, rule, ...(tells ? { answer: warning(warnings, before.answer) } : {}) };
}

/** @param role its name, for refusals */
export function narrow(role: string, operation: Operation, judge: Judge, checked: readonly Checked[]): Judge {
  if (checked.length === 0) return judge;
  return {
    ...judge,
    judge: (body, call, asking) => {
      const then = (verdict: Verdict): Verdict =>
        verdict.allow
          ? afterAll(role, operation, checked, verdict, {
              get fields() {
                return fieldsOf(verdict.body);
              },
              query: queryOf(verdict.target ?? `?${call.query}`),
              params: call.params,
            })
          : verdict;
      const verdict = judge.judge(body, call, asking);
      return verdict instanceof Promise ? verdict.then(then) : then(verdict);
    },
  };
}

export const asRoot = (): Allow => ({ allow: true, rule: "role-as-root", answer: null });
