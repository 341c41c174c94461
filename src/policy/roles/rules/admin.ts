/** The role `admin`: everything, unknown operations too. */
import type { RoleRules } from "../rule.ts";

export const adminRules = (): RoleRules => ({
  rules: [{ id: "admin", covers: () => true, allow: () => null }],
  otherwise: { id: "admin", refuse: () => "" },
  unknown: { allow: true, rule: "admin", answer: null },
});
