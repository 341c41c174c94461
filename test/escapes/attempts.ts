/** Writes attempts. */
import type { Attempt, Escape, Proof } from "./escape.ts";

export function create(
  name: string,
  body: string | object,
  refusal: string,
  proof: Proof,
  more: Partial<Attempt> = {},
): Escape {
  const attempt = { method: "POST", target: "/v1.41/containers/create", body, ...more };
  return { name, attempt, proof, refusal };
}

/** @param line method and target @param answers what an admin's answer contains */
export function call(
  name: string,
  line: string,
  refusal: string,
  { spoils = false, ...more }: Partial<Attempt> & { readonly spoils?: Escape["spoils"] } = {},
  answers = "",
): Escape {
  const [method = "", target = ""] = line.split(" ");
  return { name, attempt: { method, target, ...more }, proof: { answers }, refusal, spoils };
}

/** A list that shows an admin what a deployer must not see. */
export const hidden = (name: string, target: string, what: string): Escape => ({
  ...{ name: `${name} in a list`, attempt: { method: "GET", target } },
  ...{ proof: { answers: what }, refusal: "", filtered: true },
});

/** A call that removes another's thing for an admin, and must not for a deployer. @param thing a target */
export const sparing = (target: string, thing: string): Escape => ({
  ...{ name: `${target} removes another's`, attempt: { method: "POST", target } },
  ...{ proof: { removes: thing }, refusal: "", filtered: true, spoils: "spare" },
});

/** For a query. Placeholders stay as they are. */
export const filters = (asked: object): string =>
  encodeURIComponent(JSON.stringify(asked)).replaceAll(/%7B(\w+)%7D/g, "{$1}");
