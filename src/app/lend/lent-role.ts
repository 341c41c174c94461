/** The role of a lent client that may bind one folder of the host: made for it, and removed with it. */
import { json, shellJoin, TetherdockError } from "../../base/index.ts";
import { wayTo } from "../../line/index.ts";
import { ADMIN_ROLE, ROLE_NAMES, readOwnRole } from "../../policy/index.ts";
import { callLine, readDone } from "../gateway-api/index.ts";
import { keptRoles } from "../roles/index.ts";
import type { LendPorts } from "./ports.ts";

type Ports = Pick<LendPorts, "lines" | "env" | "gateway" | "realFolder">;

export interface Wanted {
  /** Of the client, and so of its role. */
  readonly name: string;
  /** The role that is lent; the new one permits what it permits. */
  readonly role: string;
  /** As typed. */
  readonly dir: string;
}

const pathOf = (name: string): string => `roles/${encodeURIComponent(name)}`;

/** On a line to this machine, links are resolved here, and a relative path is one of this machine. */
async function folderOf(ports: Ports, line: string, dir: string): Promise<string> {
  if (wayTo(await ports.lines.read(line)) === null) return ports.realFolder(dir);
  if (dir.startsWith("/")) return dir;
  throw new TetherdockError(
    "USAGE",
    `--dir ${dir} is no absolute path, and the line "${line}" is to another machine`,
    {
      why: ["the folder has to be one of the host, not of this machine"],
      hints: [shellJoin(["tetherdock", "help", "lend"])],
    },
  );
}

interface Source {
  readonly binds?: readonly { readonly path?: unknown }[];
}

/** @returns undefined: there is no such role */
async function sourceOf(
  ports: Ports,
  line: string,
  { name, role, dir }: Wanted,
): Promise<object | undefined> {
  const bind = { path: await folderOf(ports, line, dir) };
  const description = `${role}, and binds of one folder, for one command`.slice(0, 200);
  if (ROLE_NAMES.some((known) => known === role))
    return { version: 1, name, description, extends: role, binds: [bind] };
  const kept = (await keptRoles(ports, line)).find((one) => one.name === role)?.source;
  if (kept === undefined) return undefined;
  const others = ((kept as Source).binds ?? []).filter(({ path }) => path !== bind.path);
  return { ...kept, name, description, binds: [...others, bind] };
}

/**
 * @returns whether it was made; false: there is no role to make it of
 * @throws USAGE if nobody should bind the folder; FILE_FAILED, GATEWAY_UNREACHABLE, GATEWAY_REFUSED
 */
export async function makeLentRole(ports: Ports, line: string, wanted: Wanted): Promise<boolean> {
  if (wanted.role === ADMIN_ROLE)
    throw new TetherdockError("USAGE", "an admin may bind every path of the host", {
      hints: ["run the command without --dir"],
    });
  const source = await sourceOf(ports, line, wanted);
  if (source === undefined) return false;
  const read = json.read(JSON.stringify(source), readOwnRole);
  if ("problems" in read)
    throw new TetherdockError("USAGE", `--dir ${wanted.dir} cannot be lent with the role ${wanted.role}`, {
      why: read.problems,
      hints: [shellJoin(["tetherdock", "help", "lend"])],
    });
  await callLine(ports, line, { method: "PUT", path: pathOf(wanted.name), body: source }, readDone);
  return true;
}

export async function removeLentRole(ports: Ports, line: string, name: string): Promise<void> {
  await callLine(ports, line, { method: "DELETE", path: pathOf(name) }, readDone);
}
