/** `GET /tetherdock/v1/roles`, `PUT` and `DELETE …/roles/NAME`: the roles that somebody has made. */

import type { OwnRole } from "../../policy/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";

const sources = (roles: readonly OwnRole[]) => roles.map(({ source }) => source);

export function listRoles({ roles, fleet }: AdminParts): AdminAnswer {
  return {
    status: 200,
    value: { roles: sources(roles.all), fleet: sources(fleet.roles(roles).inForce) },
  };
}

async function put(
  { gateway, roles, fleet }: AdminParts,
  { body, client }: AdminRequest,
  name: string,
): Promise<AdminAnswer> {
  const change = await roles.put(name, body.toString("utf8"), fleet.roles(roles).inForce);
  if ("problems" in change) return malformed(change.problems);
  gateway.note("admin", client, "role-put", name);
  return { status: 200, value: { role: name } };
}

async function remove(
  { gateway, clients, roles, fleet, enrolment }: AdminParts,
  { client }: AdminRequest,
  name: string,
): Promise<AdminAnswer> {
  // If the fleet has a role of that name, its clients have that one then.
  const isHiding = fleet.kept?.view.list.roles.some((one) => one.name === name) ?? false;
  const all = [...(isHiding ? clients.clients : gateway.clients), ...(enrolment?.open ?? [])];
  const having = all.filter(({ role }) => role === name).map((one) => one.name);
  if (having.length > 0) return refused(409, `clients have the role ${name}`, having.slice(0, 20).join(", "));
  if (!(await roles.remove(name))) return refused(404, `there is no role ${name} that can be removed`);
  gateway.note("admin", client, "role-removed", name);
  return { status: 200, value: { removed: name } };
}

export function changeRoles(parts: AdminParts, request: AdminRequest, name: string): Promise<AdminAnswer> {
  return request.method === "DELETE" ? remove(parts, request, name) : put(parts, request, name);
}
