import { TetherdockError } from "../../base/index.ts";
import { CLIENT_NAME } from "../../identity/index.ts";

export function parseClientName(text: string): string {
  if (CLIENT_NAME.test(text)) return text;
  throw new TetherdockError("USAGE", `"${text}" is not a name for a client`, {
    why: ["a name has 1 to 64 letters, digits and ._@+-, and starts with a letter or digit"],
    hints: ["name the person and the machine: anna@laptop"],
  });
}
