export { placeInShell } from "./from-shell.ts";
export { type ImportedLine, type ImportRequest, importLine } from "./import.ts";
export type { ImportPorts } from "./ports.ts";
