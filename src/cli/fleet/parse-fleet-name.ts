import { json, TetherdockError } from "../../base/index.ts";
import { readFleetName } from "../../fleet/index.ts";

export function parseFleetName(text: string): string {
  const read = json.read(JSON.stringify(text), readFleetName);
  if ("value" in read) return read.value;
  throw new TetherdockError("USAGE", `"${text}" is not a name for a fleet`, {
    why: ["a name has 1 to 32 lower-case letters, digits and -, and starts with a letter or digit"],
    hints: ["tetherdock fleet init acme"],
  });
}
