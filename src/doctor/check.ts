/**
 * A check is data: the fact that it states, what it needs, and a function that finds violations. Each has its own
 * file.
 */
import type { Inside, Subject, SubjectLine } from "./subject.ts";

/**
 * critical: anybody can get root, now; high: somebody who should not have root has it, or is one step away from it;
 * medium: broken, or about to be; low: worth fixing; info: worth knowing.
 */
export type Severity = "critical" | "high" | "medium" | "low" | "info";

/** From worst to least. */
export const SEVERITIES: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

/** What each need gives to a check that has it: a check is skipped, with the reason, where one is missing. */
interface Needs {
  outside: unknown;
  inside: { readonly inside: Inside };
  line: { readonly line: SubjectLine };
  /** A line with a gateway. */
  gateway: { readonly line: SubjectLine };
  /** The line's CA key, which issues wrong certificates to try. */
  "ca-key": { readonly line: SubjectLine };
}

export type Need = keyof Needs;

/** All that these needs give, at once. */
type Given<N extends Need> = { [K in N]: (one: Needs[K]) => void }[N] extends (all: infer All) => void
  ? All
  : never;

/** A subject that has what these needs give. */
export type SubjectWith<N extends Need> = Subject & Given<N>;

/** One violation of a check's statement. */
export interface Problem {
  /** What it is about: `192.0.2.7:2375`, `/etc/docker/key.pem`, `docker-tcp.socket`. */
  readonly where: string;
  /** One sentence that states the problem. Lower case, no full stop. */
  readonly says: string;
  /** What was seen, one line each. */
  readonly evidence: readonly string[];
  /** Commands, most useful first; where they run is said in a comment after `#`. */
  readonly fix: readonly string[];
  /** When it depends on the case; else the check's own. */
  readonly severity?: Severity;
}

/** A check as data. */
export interface Check {
  /** Kebab-case, stable: it names the docs page and the SARIF rule. */
  readonly id: string;
  /** The fact that should hold: "no endpoint serves the API without TLS". */
  readonly states: string;
  readonly needs: readonly Need[];
  readonly severity: Severity;
  /** What follows when it does not hold: for the finding and the docs page. */
  readonly consequence: string;
  /** A URL or a place in the docs that the check rests on. */
  readonly reference: string;
  /** Whether `doctor --fix` may hand it to `up`'s plan: the fix changes nothing but what the finding is about. */
  readonly fixedByUp?: boolean;
  /** @returns no problem: the statement holds */
  run(subject: Subject): readonly Problem[];
}

/** A check as it is written: `run` gets a subject that has what the check needs. */
export interface CheckOf<N extends Need> extends Omit<Check, "run"> {
  readonly needs: readonly N[];
  run(subject: SubjectWith<N>): readonly Problem[];
}

function has<N extends Need>(subject: Subject, needs: readonly N[]): subject is SubjectWith<N> {
  return applies({ needs }, subject) && missing({ needs }, subject) === null;
}

/** Where a need is missing, such a check finds nothing. */
export function defineCheck<N extends Need>(check: CheckOf<N>): Check {
  return { ...check, run: (subject) => (has(subject, check.needs) ? check.run(subject) : []) };
}

/** The result of one check. */
export type Result =
  | { readonly check: Check; readonly outcome: "passed" }
  | { readonly check: Check; readonly outcome: "skipped"; readonly why: string }
  | { readonly check: Check; readonly outcome: "failed"; readonly problems: readonly Problem[] };

const NEED_A_LINE: readonly Need[] = ["line", "gateway", "ca-key"];

/** Why the check cannot run; null when it can. */
function missing({ needs }: Pick<Check, "needs">, subject: Subject): string | null {
  if (needs.includes("inside") && !subject.inside)
    return subject.insideMissing ?? "not inspected from inside";
  if (NEED_A_LINE.some((need) => needs.includes(need)) && !subject.line)
    return "no line on this machine leads to it";
  if (needs.includes("outside") && subject.endpoints.length === 0) return "no endpoint to probe from outside";
  if (needs.includes("ca-key")) return subject.line?.noCaKey ?? null;
  return null;
}

/** A native line has no gateway that could fail: its checks say nothing about it, not even that they were skipped. */
function applies({ needs }: Pick<Check, "needs">, { line }: Subject): boolean {
  return !needs.includes("gateway") || line === null || line.mode === "gateway";
}

/** Runs every check that applies: none aborts the others. */
export function runChecks(checks: readonly Check[], subject: Subject): Result[] {
  return checks
    .filter((check) => applies(check, subject))
    .map((check) => {
      const why = missing(check, subject);
      if (why !== null) return { check, outcome: "skipped", why };
      const problems = check.run(subject);
      return problems.length === 0 ? { check, outcome: "passed" } : { check, outcome: "failed", problems };
    });
}

/** The worst severity found; null when every check that ran holds. */
export function worst(results: readonly Result[]): Severity | null {
  const found = new Set(
    results.flatMap((result) =>
      result.outcome === "failed"
        ? result.problems.map(({ severity }) => severity ?? result.check.severity)
        : [],
    ),
  );
  return SEVERITIES.find((severity) => found.has(severity)) ?? null;
}
