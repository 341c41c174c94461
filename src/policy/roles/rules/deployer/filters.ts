/** Filters of lists, prunes and events, with the owner's label added: the engine finds the owner's things only. */
import { isList, isObject, type JsonValue } from "../../../body/json/value.ts";
import { writeJson } from "../../../body/json/write-json.ts";
import { OWNER_LABEL } from "../../../body/model/index.ts";
import { readFilters, UNREADABLE_FILTERS } from "../../../query.ts";
import { type Refusal, refusal } from "../../../refusal.ts";

/** Filters that name another container: they would reveal whether somebody else's exists. */
const NOT_FILTERED_BY: readonly string[] = ["before", "since"];

const refused = (why: string): Refusal => refusal("filters", why);
const UNREADABLE = refused(UNREADABLE_FILTERS);
const NOT_ALLOWED = refused("the filters before and since are not allowed; leave them out");

/** @returns the values of one filter; before API 1.22 they were a list. null: neither a list nor a map */
function valuesOf(values: JsonValue): Map<string, boolean> | null {
  if (!isObject(values) && !isList(values)) return null;
  const pairs = isObject(values) ? [...values] : values.map((value) => [value, true] as const);
  const found = new Map<string, boolean>();
  for (const [value, is] of pairs) {
    if (typeof value !== "string" || typeof is !== "boolean") return null;
    found.set(value, is);
  }
  return found;
}

const OTHER_TYPES = refused(
  "only events of containers are shown: those of volumes and networks do not say whose they are; leave out type",
);

/** @param type the only one that is listed; of events @param label that has the owner */
export function ownFilters(
  filters: string,
  owner: string,
  type?: string,
  label = OWNER_LABEL,
): { readonly text: string } | Refusal {
  const asked = readFilters(filters);
  if (asked === null) return UNREADABLE;
  const all = new Map<string, Map<string, boolean>>();
  for (const [name, inner] of asked) {
    if (NOT_FILTERED_BY.includes(name)) return NOT_ALLOWED;
    const values = valuesOf(inner);
    if (values === null) return UNREADABLE;
    all.set(name, values);
  }
  if (type !== undefined) {
    if (all.get("type")?.has(type) === false) return OTHER_TYPES;
    all.set("type", new Map([[type, true]]));
  }
  const labels = new Map([...(all.get("label") ?? []), [`${label}=${owner}`, true] as const]);
  return { text: writeJson(all.set("label", labels)) };
}
