/**
 * `GET`, `PUT` and `DELETE /tetherdock/v1/fleet`, `PUT …/fleet/store`: the fleet that this host is in, its signed documents,
 * and its store.
 */
import { json } from "../../base/index.ts";
import { listDigest, MOST_CREDENTIALS, readDocuments, readHostName } from "../../fleet/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import { takeList } from "../fleet/take-list.ts";
import type { AdminParts } from "./admin-parts.ts";

/** What an admin sees. */
function shown({ fleet, gateway, clients, roles, link }: AdminParts) {
  if (fleet.kept === null) return null;
  const { list, version, rootVersion, until } = fleet.kept.view;
  const { hidden, unusable } = fleet.roles(roles);
  const noRole = list.clients.filter(({ role }) => gateway.role(role) === undefined);
  return {
    ...{ name: list.name, version, rootVersion, until: new Date(until).toISOString() },
    list: listDigest(fleet.kept.documents),
    clients: list.clients.length,
    revoked: fleet.kept.revoked.length,
    hidden: fleet.members(clients.clients).hidden,
    roles: { hidden, unusable },
    withoutRole: noRole.map(({ name }) => name),
    link: link.host === null ? null : { host: link.host, process: link.process },
  };
}

/** The operator needs the key before the host is in the fleet: it stands in the signed list. */
export async function showFleet(parts: AdminParts): Promise<AdminAnswer> {
  return { status: 200, value: { fleet: shown(parts), receiptKey: await parts.link.receiptKey() } };
}

async function put(parts: AdminParts, { body, client }: AdminRequest): Promise<AdminAnswer> {
  const read = json.read(body.toString("utf8"), readDocuments);
  if ("problems" in read) return malformed(read.problems);
  const taken = await takeList(parts, read.value, client);
  if (taken.refused !== null) return refused(409, taken.refused);
  return { status: 200, value: { fleet: shown(parts), receipt: taken.receipt } };
}

const readAccess = json.object<{ host: string; credentials: string | null }>({
  host: { read: readHostName },
  credentials: { read: json.orNull(json.words(MOST_CREDENTIALS)) },
});

async function putStore(parts: AdminParts, { body, client }: AdminRequest): Promise<AdminAnswer> {
  const read = json.read(body.toString("utf8"), readAccess);
  if ("problems" in read) return malformed(read.problems);
  const { host, credentials } = read.value;
  const why = await parts.link.set(host, credentials);
  if (why !== null) return refused(409, why);
  parts.gateway.note("admin", client, "fleet-store", host);
  return { status: 200, value: { fleet: shown(parts) } };
}

async function remove({ gateway, fleet }: AdminParts, { client }: AdminRequest): Promise<AdminAnswer> {
  const name = fleet.kept?.view.list.name ?? "";
  if (!(await fleet.leave())) return refused(404, "this host is in no fleet");
  gateway.note("admin", client, "fleet-left", name);
  return { status: 200, value: { left: name } };
}

export async function changeFleet(
  parts: AdminParts,
  request: AdminRequest,
  rest: string,
): Promise<AdminAnswer> {
  if (rest === "store" && request.method === "PUT") return putStore(parts, request);
  if (rest !== "") return refused(404, "there is no such call", "there is fleet/store");
  return request.method === "DELETE" ? remove(parts, request) : put(parts, request);
}
