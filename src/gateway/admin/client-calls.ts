/** `PUT` and `DELETE /tetherdock/v1/clients/NAME`, `POST …/NAME/revoke` and `…/NAME/restore`: changes to one client. */
import { json } from "../../base/index.ts";
import {
  type Change,
  type Client,
  hasAdmin,
  putClient,
  type Refused,
  readClient,
  removeClient,
  setClientState,
} from "../../identity/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";

/** The change to make to which client, or the answer that refuses it. */
type Asked = { readonly name: string; readonly change: Change } | AdminAnswer;

function put({ gateway }: AdminParts, body: Buffer, name: string): Asked {
  const read = json.read(body.toString("utf8"), readClient);
  if ("problems" in read) return malformed(read.problems);
  const { value: client } = read;
  if (client.name !== name) return refused(400, "the name is not the one in the path");
  if (gateway.role(client.role) === undefined) return refused(400, `there is no role ${client.role}`);
  return { name, change: putClient(client) };
}

const STATES: ReadonlyMap<string, Client["state"]> = new Map([
  ["revoke", "revoked"],
  ["restore", "active"],
]);

function setState(rest: string): Asked {
  const [name = "", call = ""] = rest.split("/");
  const state = STATES.get(call);
  return state === undefined
    ? refused(404, "there are revoke and restore")
    : { name, change: setClientState(name, state) };
}

function asked(parts: AdminParts, { method, body }: AdminRequest, rest: string): Asked {
  if (method === "POST") return setState(rest);
  return method === "DELETE" ? { name: rest, change: removeClient(rest) } : put(parts, body, rest);
}

const STATUSES: Readonly<Record<Refused["refused"], number>> = {
  "unknown-client": 404,
  "name-taken": 409,
  "key-taken": 409,
  "last-admin": 409,
  busy: 409,
};

/** An admin of the own list whose key the fleet has revoked does not get in, so one of the others must be left. */
function leavingAnAdmin(change: Change, { fleet, gateway }: AdminParts): Change {
  const { kept } = fleet;
  if (kept === null) return change;
  const admitted = (clients: readonly Client[]) =>
    clients.filter(({ fingerprint }) => !kept.revoked.includes(fingerprint ?? ""));
  return (before) => {
    const changed = change(before);
    if ("refused" in changed || !hasAdmin(admitted(before), gateway.clock())) return changed;
    return hasAdmin(admitted(changed.clients), gateway.clock())
      ? changed
      : { refused: "last-admin", text: "that would leave no active admin: the fleet has revoked the others" };
  };
}

const FLEET_HINT = "change it with tetherdock fleet client";

export async function changeClients(
  parts: AdminParts,
  request: AdminRequest,
  rest: string,
): Promise<AdminAnswer> {
  const wanted = asked(parts, request, rest);
  if ("status" in wanted) return wanted;
  const { gateway, clients, enrolment, renewals, fleet } = parts;
  if (!clients.clients.some(({ name }) => name === wanted.name)) {
    const list = fleet.kept?.view.list;
    if (list?.clients.some(({ name }) => name === wanted.name))
      return refused(409, `${wanted.name} is on the list of the fleet ${list.name}`, FLEET_HINT);
  }
  const begun = gateway.clock();
  // An invitation that was used may be used again by its key: first that ends, then the client.
  const endsInvitation = request.method === "DELETE" || rest.endsWith("/revoke");
  const wasInvited = endsInvitation && (await enrolment?.takeBack(wanted.name, request.client)) === true;
  const key = clients.clients.find(({ name }) => name === wanted.name)?.fingerprint ?? null;
  const change = () => clients.change(leavingAnAdmin(wanted.change, parts), gateway.clock);
  const { result: changed, receipt } = await gateway.cuts.during(wanted.name, change);
  const answer = (list: readonly Client[]): AdminAnswer => {
    const tookMs = Math.round(gateway.clock() - begun);
    return { status: 200, value: { clients: list, receipt: { ...receipt, tookMs } } };
  };
  if ("refused" in changed && changed.refused === "unknown-client" && wasInvited)
    return answer(clients.clients);
  if ("refused" in changed) return refused(STATUSES[changed.refused], changed.text);
  gateway.note("admin", request.client, `client-${changed.done}`, wanted.name);
  if (key !== null && request.method === "DELETE") await renewals?.forget(key);
  if (key !== null && rest.endsWith("/restore")) await renewals?.forgive(key);
  return answer(changed.clients);
}
