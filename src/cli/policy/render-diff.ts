/** What a change of a role opens and closes, as lines. */
import type { OperationChange, RoleDiff } from "../../app/policy/index.ts";
import { visible } from "../../base/index.ts";

const lineOf = (word: string, { operation, before, after }: OperationChange): string =>
  `${word} ${operation}: from ${before} to ${after}`;

const shown = (value: unknown): string => (value === null ? "none" : visible(JSON.stringify(value)));

export function diffLines({ opens, closes, limits, binds }: RoleDiff): string[] {
  return [
    ...opens.map((change) => lineOf("opens", change)),
    ...closes.map((change) => lineOf("closes", change)),
    ...limits.map(
      (change) => `limit ${change.limit}: from ${shown(change.before)} to ${shown(change.after)}`,
    ),
    ...(binds === null ? [] : [`binds: from ${shown(binds.before)} to ${shown(binds.after)}`]),
  ];
}
