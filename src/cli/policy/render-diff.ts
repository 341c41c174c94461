/** What a change of a role opens and closes, as lines. */
import type { OperationChange, RoleDiff } from "../../app/policy/index.ts";
import { visible } from "../../base/index.ts";

const lineOf = (word: string, { operation, before, after }: OperationChange): string =>
  `${word} ${operation}: ${before}, then ${after}`;

const shown = (value: unknown): string => (value === null ? "none" : visible(JSON.stringify(value)));

export function diffLines({ opens, closes, limits, binds }: RoleDiff): string[] {
  return [
    ...opens.map((change) => lineOf("opens", change)),
    ...closes.map((change) => lineOf("closes", change)),
    ...limits.map((change) => `limit ${change.limit}: ${shown(change.before)}, then ${shown(change.after)}`),
    ...(binds === null ? [] : [`binds: ${shown(binds.before)}, then ${shown(binds.after)}`]),
  ];
}
