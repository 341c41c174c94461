/** What each role of the catalogue may do. */
import type { HostBind } from "../../body/model/index.ts";
import type { RoleDefinition, RoleName, RoleOptions } from "../catalogue.ts";
import type { RoleRules } from "../rule.ts";
import { adminRules } from "./admin.ts";
import { builderRules } from "./builder/builder.ts";
import { deployerRules } from "./deployer/deployer.ts";
import { operatorRules } from "./operator/operator.ts";
import { discoveryRules, viewerRules } from "./viewer.ts";

const RULES: {
  readonly [Name in RoleName]: (options: RoleOptions<Name>, binds: readonly HostBind[]) => RoleRules;
} = {
  admin: adminRules,
  builder: builderRules,
  deployer: deployerRules,
  operator: operatorRules,
  discovery: discoveryRules,
  viewer: viewerRules,
};

/** @param binds paths of the host that a role file permits */
export function rulesOf<Name extends RoleName>(
  { name, options }: Extract<RoleDefinition, { name: Name }>,
  binds: readonly HostBind[],
): RoleRules {
  return RULES[name as Name](options as RoleOptions<Name>, binds);
}
