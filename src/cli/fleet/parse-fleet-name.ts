import { json, TetherdockError } from "../../base/index.ts";

/** Every command loads this, and src/fleet loads a library: only when there is a name. */
export async function parseFleetName(text: string): Promise<string> {
  const { readFleetName } = await import("../../fleet/index.ts");
  const read = json.read(JSON.stringify(text), readFleetName);
  if ("value" in read) return read.value;
  throw new TetherdockError("USAGE", `"${text}" is not a name for a fleet`, {
    why: ["a name has 1 to 32 lower-case letters, digits and -, and starts with a letter or digit"],
    hints: ["tetherdock fleet init acme"],
  });
}
