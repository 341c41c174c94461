/** The clients of a line's gateway, with their roles and when their access ends. */
import { shellJoin } from "../../base/index.ts";
import type { OpenInvitation } from "../../gateway/index.ts";
import type { Client } from "../../identity/index.ts";
import { authorityKeys, readCertificate } from "../../pki/index.ts";
import {
  askClients,
  type ClientsAnswer,
  type GatewayPorts,
  gatewayAccess,
  type JobClient,
  unknownClient,
} from "../gateway-api/index.ts";
import { lineOption } from "../lines/index.ts";
import { type Activity, withoutPort } from "./activity/index.ts";
import type { ClientsPorts } from "./ports.ts";

/** A client with its current state: an active one after its end of access is `expired`. */
export type CurrentClient = Omit<Client, "state"> & {
  readonly state: Client["state"] | "expired";
  /** Of a client that is for CI jobs: which get in. */
  readonly jobs?: Omit<JobClient, "name">;
  /** It is on the list of the host's fleet, whose operators change it. */
  readonly isOfFleet?: true;
};

/** Somebody who has an invitation and has not joined; with a fingerprint, a key waits for approval or its certificate. */
export type InvitedClient = Omit<Client, "state"> & {
  readonly state: OpenInvitation["state"];
  /** When the invitation ends, ISO 8601. */
  readonly until: string;
};

/** When and from where a client was last connected; null: the gateway has not recorded it, or is older. */
export type LastSeen = Activity["lastSeen"];

export type ListedClient = (CurrentClient | InvitedClient) & {
  readonly lastSeen: LastSeen;
  /** Whether it trusts the CA that replaces the line's; null: none does, or it needs none. */
  readonly hasNewCa: boolean | null;
};

/** By client name. */
export function lastSeenIn({ seen }: ClientsAnswer): ReadonlyMap<string, LastSeen> {
  return new Map(seen.map(({ name, time, address }) => [name, { time, address: withoutPort(address) }]));
}

/**
 * A client at a given time.
 * @param now milliseconds since the epoch
 * @returns `expires` in the form of all times in JSON; a list that was written by hand may have another
 */
export function asOf(client: Client, now: number): CurrentClient {
  if (client.expires === null) return client;
  const end = Date.parse(client.expires);
  const expires = new Date(end).toISOString();
  return { ...client, expires, state: client.state === "active" && end <= now ? "expired" : client.state };
}

/** The same, with the jobs that it is for, and whether it is the fleet's. */
export function withJobs(
  client: Client,
  { jobs, fleet }: Pick<ClientsAnswer, "jobs" | "fleet">,
  now: number,
): CurrentClient {
  const current = {
    ...asOf(client, now),
    ...(fleet.includes(client.name) && ({ isOfFleet: true } as const)),
  };
  const found = jobs.find(({ name }) => name === client.name);
  if (found === undefined) return current;
  const { name: _, ...which } = found;
  return { ...current, jobs: which };
}

/** This machine does not tell the gateway that it trusts the new CA: `up` wrote it here. @returns its key; null: it has none */
async function ownIfTrusting(ports: ClientsPorts, line: string | undefined, key: string) {
  const { caPem, certPem } = await gatewayAccess(ports, line);
  return authorityKeys(caPem).includes(key) ? readCertificate(certPem).publicKeyFingerprint : null;
}

/** @param line as typed; undefined: the one that is meant when none is named */
export async function listClients(
  ports: ClientsPorts,
  line: string | undefined,
): Promise<readonly ListedClient[]> {
  const now = ports.clock();
  const answer = await askClients(ports, line);
  const { clients, invitations, newCa } = answer;
  const seen = lastSeenIn(answer);
  const own = newCa === null ? null : await ownIfTrusting(ports, line, newCa.key);
  return [...clients.map((client) => withJobs(client, answer, now)), ...invitations].map((client) => ({
    ...client,
    lastSeen: seen.get(client.name) ?? null,
    hasNewCa:
      newCa === null || client.fingerprint === null
        ? null
        : client.fingerprint === own || newCa.clients.includes(client.name),
  }));
}

/**
 * @param verb of the command, for the hint @param more what follows the name there
 * @returns all clients, and what else the gateway says of them
 * @throws CLIENT_UNKNOWN
 */
export async function requireKnown(
  ports: GatewayPorts,
  verb: string,
  line: string | undefined,
  name: string,
  ...more: readonly string[]
): Promise<ClientsAnswer> {
  const answer = await askClients(ports, line);
  const names = [...answer.clients, ...answer.invitations].map((client) => client.name);
  if (names.includes(name)) return answer;
  const words = (...command: string[]) => ["tetherdock", "client", ...command, ...lineOption(line)];
  throw unknownClient(`there is no client ${name}`, name, names, {
    list: shellJoin(words("ls")),
    again: (near) => words(verb, near, ...more),
  });
}
