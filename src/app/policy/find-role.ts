/** The role that a command is about: built in, from a file, or from the gateway of a line. */
import { json, quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  compileRole,
  defaultRole,
  type OwnRole,
  ROLE_NAMES,
  type Role,
  readOwnRole,
} from "../../policy/index.ts";
import { askClients, unknownClient } from "../gateway-api/index.ts";
import { lineOption } from "../lines/index.ts";
import { keptRoles, unknownRole } from "../roles/index.ts";
import { type CheckedFile, checkFiles } from "./check-files.ts";
import type { PolicyPorts } from "./ports.ts";

const isFile = (text: string): boolean => /[./]/.test(text);

/** @returns undefined: no built-in role has this name */
export function builtInRole(name: string): Role | undefined {
  const builtIn = ROLE_NAMES.find((one) => one === name);
  return builtIn && compileRole(defaultRole(builtIn));
}

/** @param path of a role file @throws FILE_FAILED, ROLE_FILE_BROKEN */
export async function roleInFile(ports: Pick<PolicyPorts, "readText">, path: string): Promise<OwnRole> {
  const [checked] = await checkFiles(ports, [path]);
  return (checked as CheckedFile).own;
}

/** A role, with the file that it was made of; a built-in one has none. */
export interface FoundRole {
  readonly role: Role;
  readonly source: unknown;
}

async function gatewaysRole(ports: PolicyPorts, line: string | undefined, name: string): Promise<FoundRole> {
  const kept = await keptRoles(ports, line);
  const found = kept.find((role) => role.name === name);
  if (found === undefined)
    throw unknownRole(name, [...ROLE_NAMES, ...kept.map((role) => role.name)], line, null);
  const { source } = found;
  const read = json.read(JSON.stringify(source), readOwnRole);
  if ("value" in read) return { role: read.value.role, source };
  throw new TetherdockError(
    "ROLE_FILE_BROKEN",
    `this version cannot read the gateway's role ${quoteForeign(name)}`,
    {
      why: [...read.problems.slice(0, 5), "the gateway may be newer than this tetherdock"],
      hints: [shellJoin(["tetherdock", "gateway", "status", ...(line === undefined ? [] : [line])])],
    },
  );
}

/**
 * @param text a built-in role, a path with a dot or a slash, or a role of the line's gateway
 * @throws FILE_FAILED, ROLE_FILE_BROKEN, ROLE_UNKNOWN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function findRoleAndSource(
  ports: PolicyPorts,
  line: string | undefined,
  text: string,
): Promise<FoundRole> {
  const builtIn = builtInRole(text);
  if (builtIn !== undefined) return { role: builtIn, source: {} };
  return isFile(text) ? roleInFile(ports, text) : gatewaysRole(ports, line, text);
}

/** As `findRoleAndSource`. */
export async function findRole(ports: PolicyPorts, line: string | undefined, text: string): Promise<Role> {
  return (await findRoleAndSource(ports, line, text)).role;
}

/**
 * The role that a client of the line's gateway has now.
 * @throws CLIENT_UNKNOWN, ROLE_UNKNOWN, ROLE_FILE_BROKEN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function roleOfClient(
  ports: PolicyPorts,
  line: string | undefined,
  client: string,
  command: readonly string[],
): Promise<{ readonly name: string; readonly role: Role }> {
  const { clients, invitations } = await askClients(ports, line);
  const all = [...clients, ...invitations];
  const found = all.find(({ name }) => name === client);
  if (found === undefined)
    throw unknownClient(
      `there is no client ${quoteForeign(client)}`,
      client,
      all.map(({ name }) => name),
      {
        list: shellJoin(["tetherdock", "client", "ls", ...lineOption(line)]),
        again: (near) => [
          "tetherdock",
          "policy",
          "explain",
          "--client",
          near,
          ...lineOption(line),
          "--",
          ...command,
        ],
      },
    );
  return { name: found.role, role: await findRole(ports, line, found.role) };
}
