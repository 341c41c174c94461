/** What a change of a role opens and closes. */
import { isDeepStrictEqual } from "node:util";
import { operations } from "../../engine/index.ts";
import type { Decision, Role } from "../../policy/index.ts";

/** How an operation is decided. */
export type Level = "refused" | "checked" | "allowed";

export interface OperationChange {
  readonly operation: string;
  readonly before: Level;
  readonly after: Level;
}

export interface LimitChange {
  readonly limit: string;
  /** null: not limited. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface BindsChange {
  readonly before: readonly unknown[];
  readonly after: readonly unknown[];
}

export interface RoleDiff {
  readonly opens: readonly OperationChange[];
  readonly closes: readonly OperationChange[];
  readonly limits: readonly LimitChange[];
  /** Paths of the host that containers may bind; null: no change. */
  readonly binds: BindsChange | null;
}

/** A role, with the limits and binds of its file. */
export interface Compared {
  readonly role: Role;
  readonly limits: Readonly<Record<string, unknown>>;
  readonly binds: readonly unknown[];
}

const LEVELS: readonly Level[] = ["refused", "checked", "allowed"];

function levelOf(decision: Decision | undefined): Level {
  if (decision === undefined || decision.allow === false) return "refused";
  return decision.allow === null ? "checked" : "allowed";
}

export function diffRoles(one: Compared, other: Compared): RoleDiff {
  const changes = operations
    .map((operation) => ({
      operation: operation.name,
      before: levelOf(one.role.decisions.get(operation)),
      after: levelOf(other.role.decisions.get(operation)),
    }))
    .filter(({ before, after }) => before !== after);
  const opens = ({ before, after }: OperationChange) => LEVELS.indexOf(after) > LEVELS.indexOf(before);
  const names = new Set([...Object.keys(one.limits), ...Object.keys(other.limits)]);
  const limits = [...names].sort().flatMap((limit): LimitChange[] => {
    const [before, after] = [one.limits[limit] ?? null, other.limits[limit] ?? null];
    return isDeepStrictEqual(before, after) ? [] : [{ limit, before, after }];
  });
  const binds = isDeepStrictEqual(one.binds, other.binds) ? null : { before: one.binds, after: other.binds };
  return { opens: changes.filter(opens), closes: changes.filter((change) => !opens(change)), limits, binds };
}
