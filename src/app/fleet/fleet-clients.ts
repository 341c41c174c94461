/** `fleet client`: who is on a fleet's list. */
import { TetherdockError } from "../../base/index.ts";
import {
  addClient,
  type FleetHost,
  type FleetList,
  type OperatedFleet,
  removeClient,
  revokeClient,
  setExpires,
  setRole,
} from "../../fleet/index.ts";
import type { Client } from "../../identity/index.ts";
import { issueClient, openAuthority, readCertificate } from "../../pki/index.ts";
import { ROLE_NAMES } from "../../policy/index.ts";
import { keptRoles, unknownRole } from "../roles/index.ts";
import type { Pushed } from "./bring-list.ts";
import { changeFleet } from "./fleet.ts";
import { newestToRevoke, requireNewest } from "./newest-list.ts";
import { listToChange, openFleet, publishRevoked } from "./open-fleet.ts";
import { bringSigned } from "./operators/bring-signed.ts";
import type { FleetPorts } from "./ports.ts";
import { eachAtOnce } from "./push-list.ts";

export interface NewFleetClient {
  readonly name: string;
  readonly role: string;
  /** PEM. */
  readonly publicKey: string;
  /** Milliseconds from now; undefined: with the certificate. */
  readonly expiresIn: number | undefined;
}

/** A certificate for every host of the fleet. */
export interface FleetCertificate {
  readonly certificate: string;
  readonly hosts: readonly FleetHost[];
}

/** A line that cannot be read reaches no host either. */
function isKeyOf(certificate: string, fingerprint: string): boolean {
  try {
    return readCertificate(certificate).publicKeyFingerprint === fingerprint;
  } catch {
    return false;
  }
}

/**
 * A key of one of our own lines is on its host's own list. In the fleet, removing the client would revoke it there too.
 * @throws FLEET_REFUSED
 */
async function requireOthersKey({ lines }: FleetPorts, fingerprint: string): Promise<void> {
  for (const name of await lines.list()) {
    const certificate = await lines.readFile(name, "docker/cert.pem").catch(() => "");
    if (isKeyOf(certificate, fingerprint))
      throw new TetherdockError("FLEET_REFUSED", `the key is your own, for the line "${name}"`, {
        why: ["revoking it in the fleet would lock you out of your hosts for good"],
        hints: ["openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256   # another key"],
      });
  }
}

/**
 * @param deliver called before a host lets the client in
 * @throws FLEET_REFUSED, KEY_UNREADABLE, KEY_UNSUITABLE
 */
export async function addFleetClient(
  ports: FleetPorts,
  fleet: string | undefined,
  { name, role, publicKey, expiresIn }: NewFleetClient,
  deliver: (issued: FleetCertificate) => Promise<void>,
): Promise<Pushed> {
  const operated = await requireNewest(ports, await openFleet(ports, fleet));
  const { ca, kept } = operated;
  const words = ["--public-key", "FILE", "--out", "FOLDER"];
  const again = (near: string) => ["tetherdock", "fleet", "client", "add", name, "--role", near, ...words];
  await requireFleetRole(ports, operated, role, again);
  const now = ports.clock();
  const certificate = await issueClient(await openAuthority(ca), { publicKey, commonName: name, now });
  const { publicKeyFingerprint: fingerprint } = readCertificate(certificate);
  await requireOthersKey(ports, fingerprint);
  const expires = expiresIn === undefined ? null : new Date(now + expiresIn).toISOString();
  const client: Client = { name, fingerprint, role, state: "active", expires };
  const added = addClient(listToChange(kept), client);
  if ("list" in added) await deliver({ certificate, hosts: kept.view.list.hosts });
  try {
    return await changeFleet(ports, fleet, (list) => addClient(list, client));
  } catch (error) {
    if (!(error instanceof TetherdockError && error.code === "FLEET_PROPOSED")) throw error;
    throw error.with({
      why: [`the certificate of ${name} is written: give it to them once the change is signed`],
    });
  }
}

/** @throws ROLE_UNKNOWN for a role that no host has which can be asked: its clients would be refused everywhere */
async function requireFleetRole(
  ports: FleetPorts,
  { kept }: OperatedFleet,
  role: string,
  again: (role: string) => readonly string[],
): Promise<void> {
  const { hosts, roles } = kept.view.list;
  const known = [...ROLE_NAMES, ...roles.map((one) => one.name)];
  if (hosts.length === 0 || known.includes(role)) return;
  const own = await eachAtOnce(hosts, ({ name }) =>
    keptRoles(ports, name).catch((error: unknown) => {
      if (error instanceof TetherdockError) return [];
      throw error;
    }),
  );
  const names = [...new Set([...known, ...own.flat().map((one) => one.name)])];
  if (!names.includes(role)) throw unknownRole(role, names, hosts[0]?.name, again);
}

export async function setFleetRole(
  ports: FleetPorts,
  fleet: string | undefined,
  name: string,
  role: string,
): Promise<Pushed> {
  const again = (near: string) => ["tetherdock", "fleet", "client", "role", name, near];
  await requireFleetRole(ports, await openFleet(ports, fleet), role, again);
  return changeFleet(ports, fleet, (list) => setRole(list, name, role));
}

/** @param at milliseconds since the epoch; null: access ends with the certificate */
export function setFleetExpires(
  ports: FleetPorts,
  fleet: string | undefined,
  name: string,
  at: number | null,
): Promise<Pushed> {
  const expires = at === null ? null : new Date(at).toISOString();
  return changeFleet(ports, fleet, (list) => setExpires(list, name, expires));
}

/** One operator is enough, even where a list needs several: while they wait for a second one, a thief could get in. */
export async function revokeFleetClient(
  ports: FleetPorts,
  fleet: string | undefined,
  name: string,
): Promise<Pushed> {
  const opened = await openFleet(ports, fleet);
  const revokes = (list: FleetList) => revokeClient(list, name);
  const { fleet: before, above } = await newestToRevoke(ports, opened, revokes);
  const { documents, view } = before.kept;
  if (view.list.clients.some((one) => one.name === name && one.state === "revoked"))
    ports.tell(`${name} is already revoked; the list is signed again for hosts that do not have it yet`);
  if (documents.revocations === undefined) return changeFleet(ports, fleet, revokes, { ifUnread: "told" });
  const after = await publishRevoked(ports, before, revokes(view.list), above);
  return bringSigned(ports, after);
}

export function removeFleetClient(
  ports: FleetPorts,
  fleet: string | undefined,
  name: string,
): Promise<Pushed> {
  return changeFleet(ports, fleet, (list) => removeClient(list, name));
}
