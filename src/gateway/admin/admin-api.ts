/** The admin API: `/tetherdock/v1/…`. A change to the client list is saved before it is answered. */
import { inOneLine, type TetherdockError } from "../../base/index.ts";
import { type AdminAnswer, type AdminApi, type AdminRequest, refused } from "../admin-port.ts";
import { refusal } from "../docker/answer.ts";
import { approve, showRequest } from "../joining/approval-call.ts";
import { replaceServerCertificate, showServerCertificate } from "../renewing/server-certificate-call.ts";
import type { AdminParts } from "./admin-parts.ts";
import { readAuditCall } from "./audit-call.ts";
import { changeClients } from "./client-calls.ts";
import { changeFleet, showFleet } from "./fleet-calls.ts";
import { invite } from "./invitation-call.ts";
import { trustJobs } from "./job-call.ts";
import { keepSigned, readRenewal } from "./renewal-call.ts";
import { changeRoles, listRoles } from "./role-calls.ts";

const NOT_FOUND = refused(
  404,
  "there is no such call",
  "there are self, status, clients, invitations, approvals, oidc, renewals, certificate, roles, fleet, sessions, audit, audit/verify, audit/files and reload",
);

type Handler = (parts: AdminParts, request: AdminRequest, rest: string) => Promise<AdminAnswer> | AdminAnswer;

function status({ gateway, about }: AdminParts): AdminAnswer {
  const { connections, handshakes } = gateway.gauges;
  const { failure } = gateway.audit;
  return {
    status: 200,
    value: { ...about(), connections, handshakes, draining: gateway.draining, audit: failure ?? "ok" },
  };
}

/** For every client, about itself only; an admin is told who waits for approval. */
function self({ gateway, enrolment }: AdminParts, { client }: AdminRequest): AdminAnswer {
  const found = gateway.clients.find((one) => one.name === client);
  if (found === undefined) return refused(403, "you are not on the list of clients any more");
  const { name, role, expires } = found;
  const waiting = enrolment?.open.filter(({ state }) => state === "waiting").map((one) => one.name) ?? [];
  return { status: 200, value: { name, role, expires, waiting: gateway.role(role)?.admin ? waiting : null } };
}

function cutSession({ gateway }: AdminParts, { client }: AdminRequest, id: string): AdminAnswer {
  if (!gateway.cutSession(id, `cut by ${client}`)) return refused(404, `there is no session ${id}`);
  gateway.note("admin", client, "session-cut", id);
  return { status: 200, value: { cut: id } };
}

async function reload({ gateway, reload: run }: AdminParts, { client }: AdminRequest): Promise<AdminAnswer> {
  gateway.note("admin", client, "reload", "");
  const problems = await run();
  return problems.length === 0
    ? { status: 200, value: { reloaded: true } }
    : {
        status: 409,
        value: { ...refusal(problems.join("; "), "the previous configuration stays active"), problems },
      };
}

async function listClients(parts: AdminParts): Promise<AdminAnswer> {
  const { gateway, enrolment, exchange, renewals } = parts;
  const own = new Set(parts.clients.clients.map(({ name }) => name));
  const connected = new Set(gateway.sessions.map(({ client }) => client));
  const seen = gateway.clients.flatMap((client) => {
    const last = gateway.seen.of(client);
    if (last === null) return [];
    const time = connected.has(client.name) ? gateway.clock() : last.time;
    return [{ ...last, name: client.name, time }];
  });
  return {
    status: 200,
    value: {
      clients: gateway.clients,
      invitations: enrolment?.open ?? [],
      jobs: exchange?.trusts ?? [],
      seen,
      newCa: (await renewals?.newCa()) ?? null,
      fleet: gateway.clients.map(({ name }) => name).filter((name) => !own.has(name)),
    },
  };
}

/** By `METHOD first-segment`. The handler gets the rest of the path, decoded. */
const HANDLERS: Readonly<Record<string, Handler>> = {
  "GET self": self,
  "GET status": status,
  "GET clients": listClients,
  "PUT clients": changeClients,
  "DELETE clients": changeClients,
  "POST clients": changeClients,
  "PUT invitations": invite,
  "GET approvals": showRequest,
  "PUT approvals": approve,
  "PUT oidc": trustJobs,
  "GET renewals": readRenewal,
  "PUT renewals": keepSigned,
  "GET certificate": showServerCertificate,
  "PUT certificate": replaceServerCertificate,
  "GET roles": listRoles,
  "PUT roles": changeRoles,
  "DELETE roles": changeRoles,
  "GET fleet": showFleet,
  "PUT fleet": changeFleet,
  "DELETE fleet": changeFleet,
  "GET sessions": ({ gateway }) => ({ status: 200, value: { sessions: gateway.sessions } }),
  "DELETE sessions": cutSession,
  "GET audit": readAuditCall,
  "POST reload": reload,
};

const WITH_REST = new Set([
  ...["PUT clients", "POST clients", "DELETE clients", "PUT invitations", "PUT roles", "DELETE roles"],
  ...["DELETE sessions", "GET audit", "GET renewals", "PUT renewals", "PUT oidc"],
  ...["GET approvals", "PUT approvals", "PUT fleet"],
]);

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

async function call(parts: AdminParts, request: AdminRequest): Promise<AdminAnswer> {
  const [first = "", ...others] = request.path.split("/");
  const rest = decoded(others.join("/"));
  const key = `${request.method} ${first}`;
  const handler = HANDLERS[key];
  if (!handler || rest === null || (others.length > 0 && !WITH_REST.has(key))) return NOT_FOUND;
  try {
    return await handler(parts, request, rest);
  } catch (error) {
    const { message, code, why } = error as TetherdockError;
    return code === "GATEWAY_CLIENTS_FULL"
      ? refused(409, message, why.join("; "))
      : refused(500, `the call failed: ${inOneLine(error)}`);
  }
}

/** @returns the API over these parts */
export function createAdminApi(parts: AdminParts): AdminApi {
  return { answer: (request) => call(parts, request) };
}
