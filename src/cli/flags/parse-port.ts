import { TetherdockError } from "../../base/index.ts";

/** @throws USAGE unless the text is a whole number from 1 to 65535 */
export function parsePort(text: string): number {
  const port = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  throw new TetherdockError("USAGE", `"${text}" is not a TCP port`, {
    hints: ["give a number from 1 to 65535: --port 2376"],
  });
}
