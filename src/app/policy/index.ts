export { type Applied, applyFiles, removeRole } from "./change-roles.ts";
export { type CheckedFile, checkFiles } from "./check-files.ts";
export type { FilePorts, PolicyPorts } from "./ports.ts";
