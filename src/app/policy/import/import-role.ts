/** Makes a role file of a proxy's configuration. What the role cannot say is left out and named. */
import { operations as allOperations } from "../../../engine/index.ts";
import { STANDINGS, type Standing } from "../../../policy/index.ts";
import { type MadeRole, roleFor } from "../made/role-for.ts";
import { requireRoleName } from "../made/role-name.ts";
import { listed, type Note, roleText } from "../made/role-text.ts";
import type { Kind, Permissions } from "./permissions.ts";
import { readConfig } from "./read-config.ts";

export interface ImportedRole {
  readonly kind: Kind;
  /** The file. */
  readonly text: string;
  readonly source: unknown;
  readonly notes: readonly Note[];
}

/** Proxies show answers whole: what only reads gets labels too. */
function standingOf({ operations, whose }: Permissions): Standing {
  if (whose === "own") return STANDINGS.ownOnly;
  const acts = allOperations.some(
    ({ name, method }) => !/^(?:GET|HEAD)$/.test(method) && operations.has(name),
  );
  return acts ? STANDINGS.everybodys : STANDINGS.reads;
}

function notesOn({ checked, unchecked, unserved, own }: MadeRole): Note[] {
  const answers = STANDINGS.everybodys.bases.some((base) => base === own.file.extends)
    ? "containers are shown whole; secrets of the engine and of swarm are not"
    : "the values of variables and arguments are not shown";
  return [
    ...(unchecked.length === 0
      ? []
      : [
          {
            about: unchecked.join(", "),
            text: "left out, since nothing would check them: whoever may call them can become root on the host, or read secrets",
          },
        ]),
    ...(unserved.length === 0
      ? []
      : [
          {
            about: unserved.join(", "),
            text: "left out, since a role permits them on everybody's things only",
          },
        ]),
    ...(checked.length === 0
      ? []
      : [
          {
            about: listed(checked),
            text: "the role also checks what is asked, so it permits less: no paths of the host, for instance",
          },
        ]),
    { about: "answers", text: answers },
  ];
}

/**
 * @param from which proxy; null: the text says it
 * @param name of the role; undefined: after the proxy
 * @throws USAGE, PROXY_CONFIG_UNREADABLE
 */
export function importRole(text: string, from: Kind | null, name: string | undefined): ImportedRole {
  if (name !== undefined) requireRoleName(name);
  const { kind, permissions } = readConfig(text, from);
  const { operations, limits, notes } = permissions;
  const made = roleFor({
    name: name ?? `from-${kind}`,
    description: `imported from a configuration of ${kind}`,
    ...{ operations, limits },
    standing: standingOf(permissions),
  });
  const all = [...notes, ...notesOn(made)];
  const head = [
    `Imported from a configuration of ${kind}. It permits no operation that the proxy refused.`,
    "What is not, or not quite, as it was:",
  ];
  return { kind, text: roleText(made, head, all), source: made.own.source, notes: all };
}
