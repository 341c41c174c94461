/** `fleet role`: the role files on a fleet's list. */
import { isDeepStrictEqual } from "node:util";
import { counted, json, nearest, shellJoin, TetherdockError } from "../../../base/index.ts";
import {
  type FleetList,
  type FleetRole,
  type ListChange,
  MOST_ROLE_BYTES,
  type OperatedFleet,
  putRoles,
  removeRole,
} from "../../../fleet/index.ts";
import { bindConflicts, type OwnRole, readOwnRole } from "../../../policy/index.ts";
import {
  checkFiles,
  diffRoles,
  type FilePorts,
  type RoleDiff,
  sourceOf,
  withSource,
} from "../../policy/index.ts";
import type { Pushed } from "../bring-list.ts";
import { changeFleet } from "../fleet.ts";
import { takeNewest } from "../newest-list.ts";
import { openFleet } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { askHosts } from "../push-list.ts";

/** What becomes of one file. */
export interface RoleChange {
  readonly name: string;
  readonly change: "new" | "changed" | "unchanged";
  /** What a changed role opens and closes; null: it is new, or this version cannot read the one before. */
  readonly diff: RoleDiff | null;
}

export interface AppliedRoles {
  readonly changes: readonly RoleChange[];
  /** null: nothing was changed. */
  readonly pushed: Pushed | null;
}

type Ports = FleetPorts & FilePorts;

const readBefore = (source: FleetRole) => json.read(JSON.stringify(source), readOwnRole);

function changeOf(before: readonly FleetRole[], own: OwnRole): RoleChange {
  const { name } = own.role;
  const found = before.find((one) => one.name === name);
  if (found === undefined) return { name, change: "new", diff: null };
  const source = sourceOf(own);
  if (isDeepStrictEqual(json.parse(JSON.stringify(found)), source))
    return { name, change: "unchanged", diff: null };
  const read = readBefore(found);
  const diff =
    "value" in read ? diffRoles(withSource(read.value.role, found), withSource(own.role, source)) : null;
  return { name, change: "changed", diff };
}

/** @throws FLEET_REFUSED: containers of one of the fleet's roles could replace what another one binds */
function requireNoConflicts(fleet: string, before: readonly FleetRole[], wanted: readonly OwnRole[]): void {
  const names = new Set(wanted.map(({ role }) => role.name));
  const kept = before
    .filter(({ name }) => !names.has(name))
    .flatMap((one) => {
      const read = readBefore(one);
      return "value" in read ? [read.value] : [];
    });
  const why = wanted.flatMap((one, at) =>
    bindConflicts(one, [...kept, ...wanted.slice(0, at)]).map((text) => `${one.role.name}: ${text}`),
  );
  if (why.length > 0)
    throw new TetherdockError("FLEET_REFUSED", "two roles of the fleet cannot be in force together", {
      why: why.slice(0, 20),
      hints: [shellJoin(["tetherdock", "fleet", "role", "ls", "--fleet", fleet])],
    });
}

/** @throws FLEET_REFUSED: a gateway that knows no roles of a fleet refuses the whole list, its revocations too */
async function requireNewGateways(ports: FleetPorts, fleet: OperatedFleet): Promise<void> {
  const asked = await askHosts(ports, fleet);
  const older = asked.flatMap((one) => ("fleet" in one && one.fleet?.roles === null ? [one.host] : []));
  if (older.length === 0) return;
  throw new TetherdockError(
    "FLEET_REFUSED",
    `the gateways of ${counted(older.length, "host")} are too old for a list with roles`,
    {
      why: [`they would refuse the list, and what it revokes: ${older.slice(0, 20).join(", ")}`],
      hints: [shellJoin(["tetherdock", "upgrade", ...older.slice(0, 20)])],
    },
  );
}

const sizeOf = (roles: readonly FleetRole[]): number => Buffer.byteLength(JSON.stringify(roles));

function put(list: FleetList, roles: readonly FleetRole[], agreed: FleetList): ListChange {
  const before = ({ roles: all }: FleetList) =>
    all.filter(({ name }) => roles.some((one) => one.name === name));
  if (!isDeepStrictEqual(before(list), before(agreed)))
    return { refused: "role", text: "another operator has changed one of the roles just now" };
  const change = putRoles(list, roles);
  return "list" in change && sizeOf(change.list.roles) > MOST_ROLE_BYTES
    ? {
        refused: "role",
        text: `the fleet's roles would be ${Math.ceil(sizeOf(change.list.roles) / 1024)} KiB as JSON; at most ${MOST_ROLE_BYTES / 1024} KiB fit`,
      }
    : change;
}

/**
 * All files are checked before anything is signed.
 * @param agree asked before a role that exists is replaced @returns false ends it, and nothing has changed
 * @throws FILE_FAILED, ROLE_FILE_BROKEN, FLEET_REFUSED, FLEET_CONFLICT
 */
export async function applyFleetRoles(
  ports: Ports,
  fleet: string | undefined,
  paths: readonly string[],
  agree: (changes: readonly RoleChange[]) => Promise<boolean>,
): Promise<AppliedRoles> {
  const wanted = (await checkFiles(ports, paths)).map(({ own }) => own);
  const operated = await takeNewest(ports, await openFleet(ports, fleet));
  const agreed = operated.kept.view.list;
  requireNoConflicts(operated.name, agreed.roles, wanted);
  const changes = wanted.map((own) => changeOf(agreed.roles, own));
  const isChanged = (own: OwnRole) =>
    changes.some((one) => one.name === own.role.name && one.change !== "unchanged");
  const sources = wanted.filter(isChanged).map((own) => sourceOf(own) as FleetRole);
  if (sources.length === 0) return { changes, pushed: null };
  if (agreed.roles.length === 0) await requireNewGateways(ports, operated);
  const replaced = changes.filter(({ change }) => change === "changed");
  if (replaced.length > 0 && !(await agree(replaced))) return { changes: [], pushed: null };
  return { changes, pushed: await changeFleet(ports, fleet, (list) => put(list, sources, agreed)) };
}

export function removeFleetRole(ports: FleetPorts, fleet: string | undefined, name: string): Promise<Pushed> {
  return changeFleet(ports, fleet, (list) => removeRole(list, name));
}

export interface ListedFleetRole {
  readonly name: string;
  readonly extends: string;
  readonly description: string;
  /** Names of the fleet's clients that have it. */
  readonly clients: readonly string[];
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

export async function listFleetRoles(
  ports: FleetPorts,
  fleet: string | undefined,
): Promise<readonly ListedFleetRole[]> {
  const { list } = (await takeNewest(ports, await openFleet(ports, fleet))).kept.view;
  return list.roles.map((role) => ({
    name: role.name,
    extends: textOf(role["extends"]),
    description: textOf(role["description"]),
    clients: list.clients.filter((one) => one.role === role.name).map((one) => one.name),
  }));
}

/** @throws ROLE_UNKNOWN */
export async function showFleetRole(
  ports: FleetPorts,
  fleet: string | undefined,
  name: string,
): Promise<FleetRole> {
  const operated = await takeNewest(ports, await openFleet(ports, fleet));
  const { roles } = operated.kept.view.list;
  const found = roles.find((one) => one.name === name);
  if (found) return found;
  const near = nearest(
    name,
    roles.map((one) => one.name),
  );
  throw new TetherdockError("ROLE_UNKNOWN", `the fleet ${operated.name} has no role ${name}`, {
    why: near.map((one) => `did you mean ${one}?`),
    hints: [shellJoin(["tetherdock", "fleet", "role", "ls", "--fleet", operated.name])],
  });
}
