import { expect, test } from "vitest";
import { administers, ROLE_NAMES, widestRole } from "./catalogue.ts";
import { definitionsThatServe, standingOf } from "./serving.ts";

test.each(ROLE_NAMES.filter((name) => !administers(name)))(
  "what a role file adds to %s is decided by the role itself, then by the one that may do least; never by admin",
  (base) => {
    const [own, widest, ...others] = definitionsThatServe(base);
    expect([own?.name, widest]).toEqual([base, widestRole(base)]);
    const names = others.map(({ name }) => name);
    const known = ["viewer", "builder", "deployer"].filter((name) => name !== base);
    expect(names.slice(0, known.length)).toEqual(known);
    expect(names.toSorted()).toEqual(
      ROLE_NAMES.filter((name) => name !== base && !administers(name)).toSorted(),
    );
    expect(others).toEqual(names.map(widestRole));
  },
);

test.each<[string[], boolean, string[]]>([
  [["viewer-read"], false, ["viewer"]],
  [["discovery-read"], false, ["discovery"]],
  [["admin"], false, ["viewer", "discovery"]],
  [["deployer-own", "deployer-create warn:images"], true, ["deployer"]],
  [["viewer-read", "deployer-create"], true, ["deployer"]],
  [["operator-act", "deployer-create"], true, ["operator"]],
  [["admin"], true, ["operator"]],
  [["deployer-own", "role-as-root"], true, ["operator"]],
  [[], false, ["viewer", "discovery"]],
])("a client with the rules %j (acts: %s) needs one of %j", (rules, acts, bases) => {
  expect(standingOf(new Set(rules), acts).bases).toEqual(bases);
});
