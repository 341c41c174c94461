/** Options of `export`. */
import { PRESET_NAMES } from "../../policy/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";

/** The formats are written out here: every command loads this, and the formats load src/pki. */
export const exportFlags = {
  format: {
    kind: "enum",
    values: ["pem", "env", "p12", "kubernetes", "ansible", "terraform", "secret", "archive"],
    default: "pem",
    brief: "What to write: a folder of PEM files, or a file for another program",
    placeholder: "format",
  },
  out: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "Where to write it; - is stdout (default: a new file or folder with the line's name)",
    placeholder: "path",
  },
  for: {
    kind: "enum",
    values: PRESET_NAMES,
    optional: true,
    brief: "Lay the PEM files out for this tool, and print its settings",
    placeholder: "tool",
  },
  passwordFile: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "File with the password of a p12 or archive; - is stdin (default: ask)",
    placeholder: "file",
  },
} as const;

export type ExportFlags = FlagsOf<typeof exportFlags>;
