/** `PUT` and `DELETE /tetherdock/v1/clients/NAME`: one client added, changed, revoked or taken off the list. */
import { json } from "../../base/index.ts";
import { refusal } from "../answer.ts";
import type { Client } from "../clients.ts";
import { readClient } from "../config/parse-clients.ts";
import type { LocalAnswer, LocalRequest } from "../local-api.ts";
import type { AdminParts } from "./admin-parts.ts";

function wrong(text: string): LocalAnswer {
  return { status: 400, value: refusal(text) };
}

/** Nobody left who could let anybody in would be a door without a handle. */
function hasAdmin(clients: readonly Client[], now: number): boolean {
  return clients.some(
    ({ role, state, expires }) =>
      role === "admin" && state === "active" && (expires === null || Date.parse(expires) > now),
  );
}

function without(clients: readonly Client[], name: string): Client[] {
  return clients.filter((client) => client.name !== name);
}

function parse(body: Buffer, name: string): { readonly client: Client } | { readonly problem: string } {
  const read = json.read(body.toString("utf8"), readClient);
  if ("problems" in read) return { problem: read.problems.join("; ") };
  return read.value.name === name
    ? { client: read.value }
    : { problem: "the name is not the one in the path" };
}

async function put(
  parts: AdminParts,
  { body, client: by }: LocalRequest,
  name: string,
): Promise<LocalAnswer> {
  const { gateway } = parts;
  const read = parse(body, name);
  if ("problem" in read) return wrong(read.problem);
  const { client } = read;
  if (gateway.role(client.role) === undefined) return wrong(`there is no role ${client.role}`);
  const others = without(gateway.clients, name);
  const twin = others.find(({ fingerprint }) => fingerprint !== null && fingerprint === client.fingerprint);
  if (twin) return { status: 409, value: refusal(`the key is ${twin.name}'s already`) };
  const existed = others.length < gateway.clients.length;
  const list = gateway.clients.map((one) => (one.name === name ? client : one));
  return replace(parts, existed ? list : [...list, client], {
    by,
    rule: existed ? "client-changed" : "client-added",
    name,
  });
}

interface Change {
  readonly by: string;
  readonly rule: string;
  readonly name: string;
}

async function replace(
  parts: AdminParts,
  clients: readonly Client[],
  { by, rule, name }: Change,
): Promise<LocalAnswer> {
  const { gateway } = parts;
  if (!hasAdmin(clients, gateway.clock()))
    return { status: 409, value: refusal("that would leave no active admin") };
  await parts.clients.write(clients);
  gateway.note("admin", by, rule, name);
  gateway.setClients(clients);
  return { status: 200, value: { clients } };
}

export async function changeClients(
  parts: AdminParts,
  request: LocalRequest,
  name: string,
): Promise<LocalAnswer> {
  if (request.method === "PUT") return put(parts, request, name);
  const left = without(parts.gateway.clients, name);
  if (left.length === parts.gateway.clients.length)
    return { status: 404, value: refusal(`there is no client ${name}`) };
  return replace(parts, left, { by: request.client, rule: "client-removed", name });
}
