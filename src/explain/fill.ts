/** Fills what is known of a case into the commands of a topic. */
import { shellQuote } from "../base/index.ts";
import { type Endpoint, formatEndpoint, printable } from "../engine/index.ts";
import type { Groups } from "./entry.ts";

/** Longer than any host name. */
const MAX_VALUE = 260;

/** The values for `{endpoint}`, `{host}`, `{port}` and named groups; what is not known stays a word in capitals. */
export function valuesOf(groups: Groups, endpoint: Endpoint | undefined): Groups {
  const known: Groups = endpoint
    ? { endpoint: formatEndpoint(endpoint), host: endpoint.host, port: String(endpoint.port) }
    : {};
  return { ...groups, ...known };
}

/** Fills a command line: what came from the text is one word for a shell, whatever it holds. */
export function fillCommand(text: string, values: Groups): string {
  return text.replace(/\{([a-z]+)\}/g, (_, name: string) => {
    const value = values[name];
    return value === undefined ? name.toUpperCase() : shellQuote(printable(value, MAX_VALUE));
  });
}
