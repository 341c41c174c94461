/** What a role file says. docs/adr/0024 has the reasons. */

import type { HostBind } from "../body/model/index.ts";
import type { RoleName } from "../roles/catalogue.ts";
import { ROLES } from "../roles/catalogue.ts";
import { bindsShape } from "./binds.ts";
import { type Limits, limitMembers } from "./limits/index.ts";
import { described, list, matching, object, oneOf, only, optional, type Shape } from "./shape.ts";

export interface RoleFile {
  readonly version: 1;
  readonly name: string;
  readonly description: string;
  readonly extends: RoleName;
  readonly operations: Operations;
  readonly limits: Limits;
  readonly binds: readonly HostBind[];
}

/** Names from the Docker API, or globs over them. */
export interface Operations {
  readonly allow: readonly string[];
  readonly allowAsRoot: readonly string[];
  readonly deny: readonly string[];
}

/** With a hyphen: built-in roles never have one, so a new one cannot take the place of a role that somebody has made. */
export const OWN_ROLE_NAME = /^(?=.{3,32}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)+$/;

const MOST_OPERATIONS = 1000;

/** Roles that can be changed: whoever administers can do everything, whatever is taken away. */
const BASES = ROLES.flatMap(({ name, administers }) => (administers ? [] : [name as RoleName]));

const names = list(
  matching(/^[A-Za-z*]{1,64}$/, "an operation of the Docker API, such as ContainerExec or Container*"),
  MOST_OPERATIONS,
);

const operations = object<Operations>({
  allow: optional(
    "Operations beside those of the role that is extended, as another built-in role may call them",
    [],
    names,
  ),
  allowAsRoot: optional(
    "Operations without any check: whoever may call them can become root on the host, read every secret, or stop what runs",
    [],
    names,
  ),
  deny: optional("Operations that are refused, whatever allows them", [], names),
});

const NO_LIMITS = Object.fromEntries(
  Object.keys(limitMembers).map((name) => [name, null]),
) as unknown as Limits;

export const roleFileShape: Shape<RoleFile> = object<RoleFile>({
  version: described("Version of this format", only(1)),
  name: described(
    "Name of the role, with a hyphen",
    matching(
      OWN_ROLE_NAME,
      "lower-case letters and digits with a hyphen between, such as web-team; at most 32 characters",
    ),
  ),
  description: optional(
    "For people: who has the role, and what for",
    "",
    matching(/^[^\p{Cc}]{0,200}$/u, "one line of at most 200 characters"),
  ),
  extends: described("The built-in role that is changed", oneOf(...BASES)),
  operations: optional("Changes to what may be called", { allow: [], allowAsRoot: [], deny: [] }, operations),
  limits: optional("What requests may contain", NO_LIMITS, object<Limits>(limitMembers)),
  binds: optional(
    "Folders and files of the host that containers may bind, each by its exact path",
    [],
    bindsShape,
  ),
});
