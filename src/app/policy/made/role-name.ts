/** The name that a person gives to a role that is made. */
import { json, TetherdockError } from "../../../base/index.ts";
import { OWN_ROLE_NAME } from "../../../policy/index.ts";

/** @throws USAGE */
export function requireRoleName(name: string): void {
  if (OWN_ROLE_NAME.test(name)) return;
  throw new TetherdockError("USAGE", `${json.format(name).trim()} cannot be the name of a role`, {
    why: ["it needs lower-case letters and digits with a hyphen between, at most 32 characters"],
    hints: ["give a name such as --name web-team"],
  });
}
