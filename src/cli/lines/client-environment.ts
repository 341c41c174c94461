/** The environment of a Docker client that uses a line. */
import { othersThan } from "../../line/index.ts";

/** @param variables of the line, in place of others that would lead the client elsewhere */
export function clientEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  variables: Readonly<Record<string, string>>,
): Record<string, string | undefined> {
  const all: Record<string, string | undefined> = { ...env, ...variables };
  for (const other of othersThan(variables)) delete all[other];
  return all;
}
