/** `PUT` and `DELETE /tetherdock/v1/clients/NAME`: one client added, changed, revoked or taken off the list. */
import { json } from "../../base/index.ts";
import { type Client, type ClientStore, readClient } from "../../identity/index.ts";
import { refusal } from "../docker/answer.ts";
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

/** A change of the list, or why it is refused. */
type Changed =
  | { readonly clients: readonly Client[]; readonly rule: string }
  | { readonly refused: LocalAnswer };

function put({ gateway }: AdminParts, client: Client, before: readonly Client[]): Changed {
  if (gateway.role(client.role) === undefined) return { refused: wrong(`there is no role ${client.role}`) };
  const others = without(before, client.name);
  const twin = others.find(({ fingerprint }) => fingerprint !== null && fingerprint === client.fingerprint);
  if (twin) return { refused: { status: 409, value: refusal(`the key is ${twin.name}'s already`) } };
  return others.length < before.length
    ? { clients: before.map((one) => (one.name === client.name ? client : one)), rule: "client-changed" }
    : { clients: [...before, client], rule: "client-added" };
}

function remove(name: string, before: readonly Client[]): Changed {
  const left = without(before, name);
  return left.length === before.length
    ? { refused: { status: 404, value: refusal(`there is no client ${name}`) } }
    : { clients: left, rule: "client-removed" };
}

/** `client revoke` and `restore`: the state alone, so that a change somebody made meanwhile stays. */
function setState(name: string, state: Client["state"], before: readonly Client[]): Changed {
  if (!before.some((client) => client.name === name))
    return { refused: { status: 404, value: refusal(`there is no client ${name}`) } };
  const clients = before.map((client) => (client.name === name ? { ...client, state } : client));
  return { clients, rule: "client-changed" };
}

const lastChange = new WeakMap<ClientStore, Promise<unknown>>();

/**
 * One change after the other: many at once would use up their attempts on each other, and would all wait for the store's
 * lock. If its owner is dead, two that wait must not both break it: one revocation would be lost.
 */
function inTurn<T>(store: ClientStore, change: () => Promise<T>): Promise<T> {
  const done = (lastChange.get(store) ?? Promise.resolve()).then(change);
  lastChange.set(
    store,
    done.catch(() => {}),
  );
  return done;
}

/** Another writer, such as `up` on the host, may come in between; not for ever. */
const ATTEMPTS = 5;

async function replace(
  { gateway, clients: store }: AdminParts,
  by: string,
  name: string,
  change: (before: readonly Client[]) => Changed,
): Promise<LocalAnswer> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { clients: before, revision } = await store.read();
    const changed = change(before);
    if ("refused" in changed) return changed.refused;
    const { clients, rule } = changed;
    if (!hasAdmin(clients, gateway.clock()))
      return { status: 409, value: refusal("that would leave no active admin") };
    if ((await store.write(clients, revision)) === "conflict") continue;
    gateway.note("admin", by, rule, name);
    gateway.setClients(clients);
    return { status: 200, value: { clients } };
  }
  return { status: 409, value: refusal("others keep changing the list; try again") };
}

const STATES: ReadonlyMap<string, Client["state"]> = new Map([
  ["revoke", "revoked"],
  ["restore", "active"],
]);

export function changeClients(parts: AdminParts, request: LocalRequest, rest: string): Promise<LocalAnswer> {
  return inTurn(parts.clients, () => carryOut(parts, request, rest));
}

async function carryOut(
  parts: AdminParts,
  { method, body, client: by }: LocalRequest,
  rest: string,
): Promise<LocalAnswer> {
  if (method === "POST") {
    const [name = "", call = ""] = rest.split("/");
    const state = STATES.get(call);
    if (state === undefined) return { status: 404, value: refusal("there are revoke and restore") };
    return replace(parts, by, name, (before) => setState(name, state, before));
  }
  if (method === "DELETE") return replace(parts, by, rest, (before) => remove(rest, before));
  const read = parse(body, rest);
  if ("problem" in read) return wrong(read.problem);
  return replace(parts, by, rest, (before) => put(parts, read.client, before));
}
