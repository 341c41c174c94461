/** Reads and changes `currentContext`, the only key of the docker CLI's `config.json` that we touch. */
import { json, TetherdockError } from "../../base/index.ts";

function parse(text: string, file: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = text.trim() === "" ? {} : json.parse(text);
  } catch (cause) {
    throw broken(file, (cause as Error).message, cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw broken(file, "it is not a JSON object");
  return value as Record<string, unknown>;
}

function broken(file: string, why: string, cause?: unknown): TetherdockError {
  return new TetherdockError("DOCKER_CONFIG_BROKEN", `cannot read the docker CLI's ${file}`, {
    why: [why],
    hints: [`fix ${file}`],
    cause,
  });
}

/**
 * Reads the name of the current context.
 * @param file the path, for the message
 * @returns its name; undefined: "default"
 * @throws DOCKER_CONFIG_BROKEN
 */
export function readCurrentContext(text: string, file: string): string | undefined {
  const current = parse(text, file)["currentContext"];
  return typeof current === "string" && current !== "" ? current : undefined;
}

/**
 * Sets `currentContext`, or removes it if undefined, and leaves every other key unchanged. Indented with tabs, as the
 * docker CLI writes it.
 * @throws DOCKER_CONFIG_BROKEN
 */
export function withCurrentContext(text: string, file: string, name: string | undefined): string {
  const config = parse(text, file);
  if (name === undefined) delete config["currentContext"];
  else config["currentContext"] = name;
  return JSON.stringify(config, null, "\t");
}
