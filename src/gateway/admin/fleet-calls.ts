/** `GET`, `PUT` and `DELETE /tetherdock/v1/fleet`: the fleet that this host is in, and its signed documents. */
import { json } from "../../base/index.ts";
import { readDocuments } from "../../fleet/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";

/** What an admin sees. */
function shown({ fleet, gateway, clients }: AdminParts) {
  if (fleet.kept === null) return null;
  const { list, version, rootVersion, until } = fleet.kept.view;
  const noRole = list.clients.filter(({ role }) => gateway.role(role) === undefined);
  return {
    ...{ name: list.name, version, rootVersion, until: new Date(until).toISOString() },
    clients: list.clients.length,
    revoked: fleet.kept.revoked.length,
    hidden: fleet.members(clients.clients).hidden,
    withoutRole: noRole.map(({ name }) => name),
  };
}

export function showFleet(parts: AdminParts): AdminAnswer {
  return { status: 200, value: { fleet: shown(parts) } };
}

async function put(parts: AdminParts, { body, client }: AdminRequest): Promise<AdminAnswer> {
  const { gateway, fleet, clients } = parts;
  const read = json.read(body.toString("utf8"), readDocuments);
  if ("problems" in read) return malformed(read.problems);
  const begun = gateway.clock();
  const { result, receipt } = await gateway.cuts.during(null, () =>
    fleet.accept(read.value, () => clients.clients, client),
  );
  if ("refused" in result) return refused(409, result.refused);
  const tookMs = Math.round(gateway.clock() - begun);
  const value = { fleet: shown(parts), receipt: { ...receipt, tookMs } };
  if (result.isNews)
    gateway.note("admin", client, "fleet-list", `${value.fleet?.name} ${value.fleet?.version}`);
  return { status: 200, value };
}

async function remove({ gateway, fleet }: AdminParts, { client }: AdminRequest): Promise<AdminAnswer> {
  const name = fleet.kept?.view.list.name ?? "";
  if (!(await fleet.leave())) return refused(404, "this host is in no fleet");
  gateway.note("admin", client, "fleet-left", name);
  return { status: 200, value: { left: name } };
}

export function changeFleet(parts: AdminParts, request: AdminRequest): Promise<AdminAnswer> {
  return request.method === "DELETE" ? remove(parts, request) : put(parts, request);
}
