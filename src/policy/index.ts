export type { Answer } from "./answers/index.ts";
export { decide } from "./decide.ts";
export type { Decision } from "./decision.ts";
export { compileRole, type Role, type RoleDefinition } from "./role.ts";
