/** The role files that a fleet's list carries. What they mean is for src/policy: a host may have a newer or an older one. */
import { json } from "../base/index.ts";
import { readOwnRoleName } from "../identity/index.ts";

/** A role file as JSON, as its author wrote it. */
export interface FleetRole {
  readonly name: string;
  readonly [key: string]: unknown;
}

export const MOST_FLEET_ROLES = 100;
/** Of all together. Every host gets them with every list, and a list has room for clients too. */
export const MOST_ROLE_BYTES = 128 * 1024;

/** Never one of the built-in roles. */
const readHead = json.openObject<{ readonly name: string }>({ name: { read: readOwnRoleName } });

const readRole: json.Read<FleetRole> = (value, at, complain) =>
  readHead(value, at, complain) && (value as FleetRole);

const readAll = json.list(readRole, MOST_FLEET_ROLES);

export const readFleetRoles: json.Read<readonly FleetRole[]> = (value, at, complain) => {
  const roles = readAll(value, at, complain);
  if (roles === undefined || Buffer.byteLength(JSON.stringify(roles)) <= MOST_ROLE_BYTES) return roles;
  return void complain(at, `are together more than ${MOST_ROLE_BYTES / 1024} KiB`);
};
