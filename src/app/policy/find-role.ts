/** The role that a command is about: built in, from a file, or from the gateway of a line. */
import { json } from "../../base/index.ts";
import { compileRole, defaultRole, ROLE_NAMES, type Role, readOwnRole } from "../../policy/index.ts";
import { showRole } from "../roles/index.ts";
import { checkFiles } from "./check-files.ts";
import type { PolicyPorts } from "./ports.ts";

const isFile = (text: string): boolean => /[./]/.test(text);

/** @returns undefined: the text names no built-in role and no file */
export async function offlineRole(
  ports: Pick<PolicyPorts, "readText">,
  text: string,
): Promise<Role | undefined> {
  const builtIn = ROLE_NAMES.find((name) => name === text);
  if (builtIn !== undefined) return compileRole(defaultRole(builtIn));
  if (!isFile(text)) return undefined;
  const [checked] = await checkFiles(ports, [text]);
  return checked?.own.role;
}

/**
 * @param text a built-in role, a path with a dot or a slash, or a role of the line's gateway
 * @throws FILE_FAILED, ROLE_FILE_BROKEN, ROLE_UNKNOWN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function findRole(ports: PolicyPorts, line: string | undefined, text: string): Promise<Role> {
  const offline = await offlineRole(ports, text);
  if (offline !== undefined) return offline;
  const { source } = await showRole(ports, line, text);
  const read = json.read(JSON.stringify(source), readOwnRole);
  if ("value" in read) return read.value.role;
  throw new Error(`the gateway has a role that this version cannot read: ${read.problems.join("; ")}`);
}
