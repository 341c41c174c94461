/** `labels`: labels that each container must have. */
import { objectAt } from "../../body/json/fields.ts";
import { matchesGlob } from "../glob.ts";
import { described, matching, textMap } from "../shape.ts";
import { CREATES, type Limit, limitShape, quoted, SERVICES, type Setting } from "./limit.ts";

export interface Labels extends Setting {
  readonly require: ReadonlyMap<string, string>;
}

export const labels: Limit<Labels> = {
  shape: limitShape({
    require: described(
      "Labels that a container must have, with a value or a glob for it",
      textMap(
        // a client cannot set a label of the gateway
        /^(?![Ii][Oo]\.[Tt][Ee][Tt][Hh][Ee][Rr][Dd][Oo][Cc][Kk]\.)[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/,
        matching(/^[^\p{Cc}]{1,200}$/u, "a text of 1 to 200 characters"),
        50,
      ),
    ),
  }),
  checks: ({ require }) => ({
    ContainerCreate: ({ fields }) => {
      const found = objectAt(fields, "Labels");
      for (const [name, glob] of require) {
        const value = found.get(name);
        const add = `add --label ${name}=${glob.replaceAll("*", "…")}`;
        if (value === undefined) return `the label ${name} is missing: ${add}`;
        if (typeof value !== "string" || !matchesGlob(glob, value))
          return `the label ${name} is ${quoted(String(value))}: ${add}`;
      }
      return null;
    },
  }),
  needs: CREATES,
  evadedBy: SERVICES,
};
