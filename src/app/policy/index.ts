export { type Applied, applyFiles, removeRole } from "./change-roles.ts";
export { type CheckedFile, checkFiles } from "./check-files.ts";
export { compareRoles } from "./compare.ts";
export type { LimitChange, OperationChange, RoleDiff } from "./diff-roles.ts";
export { explainCommand } from "./explain.ts";
export { findRole } from "./find-role.ts";
export type { Explained } from "./judge-requests.ts";
export type { FilePorts, PolicyPorts, RecordPorts } from "./ports.ts";
export { type CaseResult, runCases } from "./run-cases.ts";
