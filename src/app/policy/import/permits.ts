/** Whether rules over methods and paths permit an operation: for every name that its path may have, for some, or never. */
import type { Operation } from "../../../engine/index.ts";
import type { Note } from "../made/role-text.ts";
import type { Automaton } from "./automaton.ts";

export type Extent = "all" | "some" | "none";

/** Rules are read for one method after the other. */
export const METHODS: readonly Operation["method"][] = ["GET", "HEAD", "POST", "PUT", "DELETE"];

/** @param permits who permits: `the rules permit` @param names of operations that are permitted for some names */
export const notePartly = (permits: string, names: readonly string[]): Note[] =>
  names.length === 0
    ? []
    : [
        {
          about: names.join(", "),
          text: `${permits} only some names, or names without a slash, which a role cannot say; left out`,
        },
      ];

const range = (first: string, last: string): number[] =>
  Array.from(
    { length: last.charCodeAt(0) - first.charCodeAt(0) + 1 },
    (_, index) => first.charCodeAt(0) + index,
  );
const FIRST = [...range("a", "z"), ...range("A", "Z"), ...range("0", "9")];
/** As Docker's own rule for names: a letter or digit, then at least one of these. */
const FURTHER = [...FIRST, ..."_.-"].map((one) => (typeof one === "number" ? one : one.charCodeAt(0)));
/** Names of images, plugins and what a registry has. */
const WITH_SLASHES = [...FURTHER, ..."/:@"].map((one) => (typeof one === "number" ? one : one.charCodeAt(0)));

/** A path: characters one after the other; `loop`: any number more of them may follow before the next. */
interface Step {
  readonly chars: readonly number[];
  readonly loop: boolean;
}

function stepsOf(path: string): Step[] {
  const further = /^\/(?:images|plugins|distribution)\//.test(path) ? WITH_SLASHES : FURTHER;
  return path.split(/(\{\w+\})/).flatMap((part): Step[] =>
    part.startsWith("{")
      ? [
          { chars: FIRST, loop: false },
          { chars: further, loop: true },
        ]
      : [...part].map((char) => ({ chars: [char.charCodeAt(0)], loop: false })),
  );
}

/** How much work is left for a whole configuration; 400 rules need less than half of it. */
export interface Budget {
  left: number;
}

export const newBudget = (): Budget => ({ left: 1_500_000 });

/** For one operation: more than any set of rules that a person has written needs. */
const MAX_WORK = 500_000;

/**
 * Goes through all paths at once: what has been seen at a place is told apart only by the states that the patterns are in.
 * @param prefix of every path, such as `/v1.41`
 * @param decide whether the pattern that matches first permits; -1: none matches
 */
export function extentOf(
  patterns: Automaton,
  { path }: Pick<Operation, "path">,
  prefix: string,
  decide: (pattern: number) => boolean,
  budget: Budget = newBudget(),
): Extent {
  const steps = stepsOf(`${prefix}${path}`);
  const seen = new Set<string>();
  const results = new Set<boolean>();
  const open: [number, readonly number[]][] = [[0, patterns.begin()]];
  const least = budget.left - MAX_WORK;
  const visit = (at: number, states: readonly number[]): void => {
    const key = `${at}:${states.join()}`;
    if (seen.has(key)) return;
    seen.add(key);
    open.push([at, states]);
  };
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, states] = next;
    const step = steps[at];
    if (step === undefined) results.add(decide(patterns.matched(states)));
    else
      for (const char of step.chars) {
        budget.left -= 1 + states.length;
        if (budget.left < Math.max(0, least)) return "some";
        const after = patterns.step(states, char);
        visit(at + 1, after);
        if (step.loop) visit(at, after);
      }
    if (results.size > 1) return "some";
  }
  return results.has(true) ? "all" : "none";
}
