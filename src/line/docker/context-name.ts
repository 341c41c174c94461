/** Separate from docker-context.ts: every start loads this file with the routes, and must not load node:crypto. */
import { TetherdockError } from "../../base/index.ts";

/**
 * Reads the name of a context by the docker CLI's own rule (two characters or more; "default" is reserved).
 * @throws CONTEXT_NAME_INVALID
 */
export function parseContextName(text: string): string {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.+-]+$/.test(text) && text !== "default") return text;
  throw new TetherdockError("CONTEXT_NAME_INVALID", `"${text}" cannot be the name of a docker context`, {
    why: [
      text === "default"
        ? "the docker CLI reserves this name"
        : "the docker CLI needs two or more letters, digits and _ . + -, starting with a letter or digit",
    ],
    hints: ["give another one with --name"],
  });
}
