export { type ArchivedLine, isArchive, openArchive } from "./archive.ts";
export { readBundle, whatLeaves } from "./export.ts";
export { type Bundle, FORMAT_NAMES, type Format, formatOf } from "./formats.ts";
