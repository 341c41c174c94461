import { expect, test } from "vitest";
import { administers, ROLE_NAMES, widestRole } from "./catalogue.ts";
import { definitionsThatServe } from "./serving.ts";

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
