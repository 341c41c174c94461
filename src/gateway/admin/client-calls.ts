/**
 * `PUT` and `DELETE /tetherdock/v1/clients/NAME`, `POST …/NAME/revoke`, `…/restore`, `…/role`, `…/rename` and
 * `…/expires`: changes to one client.
 */
import { json } from "../../base/index.ts";
import {
  type Change,
  type Client,
  hasAdmin,
  isLentName,
  putClient,
  type Refused,
  readClient,
  readClientName,
  readInstant,
  readRoleName,
  removeClient,
  renameClient,
  setClientExpires,
  setClientRole,
  setClientState,
} from "../../identity/index.ts";
import { type AdminAnswer, type AdminRequest, malformed, refused } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";

/** The change to make to which client. */
interface Wanted {
  readonly name: string;
  /** `DELETE`, `PUT`, or what is posted. */
  readonly call: string;
  readonly change: Change;
  /** Its name after the change, if it is another. */
  readonly newName?: string;
}

/** What to do, or the answer that refuses it. */
type Asked = Wanted | AdminAnswer;

function put({ gateway }: AdminParts, body: Buffer, name: string): Asked {
  const read = json.read(body.toString("utf8"), readClient);
  if ("problems" in read) return malformed(read.problems);
  const { value: client } = read;
  if (client.name !== name) return refused(400, "the name is not the one in the path");
  if (gateway.role(client.role) === undefined) return refused(400, `there is no role ${client.role}`);
  return { name, call: "PUT", change: putClient(client) };
}

const STATES: ReadonlyMap<string, Client["state"]> = new Map([
  ["revoke", "revoked"],
  ["restore", "active"],
]);

const readNewRole = json.object<{ readonly role: string }>({ role: { read: readRoleName } });

function setRole({ gateway }: AdminParts, body: Buffer, name: string): Asked {
  const read = json.read(body.toString("utf8"), readNewRole);
  if ("problems" in read) return malformed(read.problems);
  const { role } = read.value;
  if (gateway.role(role) === undefined) return refused(400, `there is no role ${role}`);
  return { name, call: "role", change: setClientRole(name, role) };
}

const readNewEnd = json.object<{ readonly expires: string | null }>({
  expires: { read: json.orNull(readInstant) },
});

function setEnd(body: Buffer, name: string): Asked {
  const read = json.read(body.toString("utf8"), readNewEnd);
  if ("problems" in read) return malformed(read.problems);
  return { name, call: "expires", change: setClientExpires(name, read.value.expires) };
}

/** What knows a client by its name, besides the list. */
function knownByName({ localClients, exchange, enrolment, gateway, clients }: AdminParts) {
  return (name: string): string | null => {
    if (localClients.has(name)) return `gateway.json has ${name} as the client of a local socket`;
    if (exchange?.trusts.some((trust) => trust.name === name))
      return `${name} is for CI jobs, which ask for it by this name; add another client for them`;
    if (enrolment?.open.some((one) => one.name === name)) return `${name} is invited and has not joined yet`;
    const isOn = (list: readonly Client[]) => list.some((one) => one.name === name);
    return isOn(gateway.clients) && !isOn(clients.clients)
      ? `${name} is on the list of this host's fleet`
      : null;
  };
}

const readNewName = json.object<{ readonly name: string }>({ name: { read: readClientName } });

function rename(parts: AdminParts, body: Buffer, name: string): Asked {
  const read = json.read(body.toString("utf8"), readNewName);
  if ("problems" in read) return malformed(read.problems);
  const { name: newName } = read.value;
  return { name, newName, call: "rename", change: renameClient(name, newName, knownByName(parts)) };
}

function post(parts: AdminParts, body: Buffer, rest: string): Asked {
  const [name = "", ...words] = rest.split("/");
  const call = words.join("/");
  if (call === "role") return setRole(parts, body, name);
  if (call === "rename") return rename(parts, body, name);
  if (call === "expires") return setEnd(body, name);
  const state = STATES.get(call);
  return state === undefined
    ? refused(404, "there are revoke, restore, role, rename and expires")
    : { name, call, change: setClientState(name, state) };
}

function asked(parts: AdminParts, { method, body }: AdminRequest, rest: string): Asked {
  if (method === "POST") return post(parts, body, rest);
  return method === "DELETE"
    ? { name: rest, call: method, change: removeClient(rest) }
    : put(parts, body, rest);
}

const STATUSES: Readonly<Record<Refused["refused"], number>> = {
  "unknown-client": 404,
  "name-taken": 409,
  "key-taken": 409,
  "fixed-name": 409,
  "revoked-key": 409,
  "last-admin": 409,
  busy: 409,
};

const NO_ADMIN_LEFT: Refused = {
  refused: "last-admin",
  text: "that would leave no active admin: the fleet has revoked the others",
};

/**
 * A key that the fleet has revoked does not get in, whatever the own list says. So one of the other admins must be left,
 * and nobody is let in with such a key: they would be refused, until the host leaves the fleet.
 */
function besideFleet({ name, change }: Wanted, { fleet: { kept }, gateway }: AdminParts): Change {
  if (kept === null) return change;
  const isRevoked = ({ fingerprint }: Client) => kept.revoked.includes(fingerprint ?? "");
  const leavesAdmin = (clients: readonly Client[]) =>
    hasAdmin(
      clients.filter((one) => !isRevoked(one)),
      gateway.clock(),
    );
  return (before) => {
    const changed = change(before);
    if ("refused" in changed) return changed;
    const client = changed.clients.find((one) => one.name === name);
    if (client?.state === "active" && isRevoked(client)) {
      const text = `the fleet ${kept.view.list.name} has revoked this key for good: ${name} needs a new one`;
      return { refused: "revoked-key", text };
    }
    return leavesAdmin(before) && !leavesAdmin(changed.clients) ? NO_ADMIN_LEFT : changed;
  };
}

/** `lend` has made a role of the client's name if it needed one. If it stays, it gives nobody anything: the client is gone. */
async function removeLentRole(name: string, { gateway, roles }: AdminParts, { client }: AdminRequest) {
  if (!isLentName(name) || gateway.clients.some(({ role }) => role === name)) return;
  const isRemoved = await roles.remove(name).catch(() => false);
  if (isRemoved) gateway.note("admin", client, "role-removed", name);
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
  const begun = performance.now();
  // An invitation that was used may be used again by its key: first that ends, then the client.
  // A client that is removed under another name would come back by the one for its old name.
  const { newName, call } = wanted;
  const isRenamed = newName !== undefined && !("refused" in wanted.change(clients.clients));
  const endsInvitation = call === "DELETE" || call === "revoke" || isRenamed;
  // It may be the client's own files that fill the disk: what cannot be written does not keep it from being revoked.
  let failure: unknown = null;
  const takeBack = async () => enrolment?.takeBack(wanted.name, request.client);
  const taken = endsInvitation
    ? await takeBack().catch((error: unknown) => {
        if (call !== "revoke") throw error;
        failure = error;
      })
    : false;
  const wasInvited = taken === true;
  const key = clients.clients.find(({ name }) => name === wanted.name)?.fingerprint ?? null;
  const change = () => clients.change(besideFleet(wanted, parts), gateway.clock);
  const { result: changed, receipt } = await gateway.cuts.during(wanted.name, change);
  const answer = (list: readonly Client[]): AdminAnswer => {
    const tookMs = Math.round(performance.now() - begun);
    return { status: 200, value: { clients: list, receipt: { ...receipt, tookMs } } };
  };
  if ("refused" in changed && changed.refused === "unknown-client" && wasInvited)
    return answer(clients.clients);
  if ("refused" in changed && failure !== null) throw failure;
  if ("refused" in changed) return refused(STATUSES[changed.refused], changed.text);
  const [by, target] =
    newName === undefined
      ? [request.client, wanted.name]
      : [request.client === wanted.name ? newName : request.client, `${wanted.name} ${newName}`];
  gateway.note("admin", by, `client-${changed.done}`, target);
  if (key !== null && call === "DELETE") await renewals?.forget(key);
  if (call === "DELETE") await removeLentRole(wanted.name, parts, request);
  if (key !== null && call === "restore") await renewals?.forgive(key);
  if (failure !== null) throw failure;
  return answer(changed.clients);
}
