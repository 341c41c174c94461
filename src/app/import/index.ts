export { type ImportedLine, type ImportRequest, importLine } from "./import.ts";
export type { ImportPorts } from "./ports.ts";
