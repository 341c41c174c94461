/** What a viewer is shown, with the values of labels: reverse proxies and monitoring read their settings from them. */
import type { Answer } from "./index.ts";
import { type Fields, isFields } from "./mark.ts";

/** Names of labels stay as they are shown; only texts are put back. */
function labelsOf(shown: Fields, whole: Fields): Fields {
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => {
      const text = Object.hasOwn(whole, name) ? whole[name] : undefined;
      return [name, typeof text === "string" ? text : value];
    }),
  );
}

/** @param shown made from `whole`, with less in it */
function restored(shown: unknown, whole: unknown): unknown {
  // an entry that was left out moves the others: then nothing is put back
  if (Array.isArray(shown))
    return Array.isArray(whole) && whole.length === shown.length
      ? shown.map((value, index) => restored(value, whole[index]))
      : shown;
  if (!isFields(shown) || !isFields(whole)) return shown;
  return Object.fromEntries(
    Object.entries(shown).map(([name, value]) => {
      const inner = Object.hasOwn(whole, name) ? whole[name] : undefined;
      const isLabels = name === "Labels" && isFields(value) && isFields(inner);
      return [name, isLabels ? labelsOf(value, inner) : restored(value, inner)];
    }),
  );
}

export function withLabels({ mark, lines }: Answer): Answer {
  return { lines, mark: { ...mark, show: (value) => restored(mark.show(value), value) } };
}
