export { type KeptRole, keptRoles, type ListedRole, listRoles, showRole, unknownRole } from "./roles.ts";
