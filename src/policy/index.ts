export type { Answer } from "./answers/index.ts";
export { decide } from "./decide.ts";
export type { Allow, Decision, Deny, Judge, Verdict } from "./decision.ts";
export { compileRole, type Role, type RoleDefinition } from "./role.ts";
