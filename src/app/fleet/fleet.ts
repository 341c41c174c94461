/** `fleet`: one list of clients for several hosts, signed on this machine. */
import { generateKeyPairSync } from "node:crypto";
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  addClient,
  type FleetHost,
  type FleetList,
  type OperatedFleet,
  putHosts,
  removeClient,
  removeHost,
  revokeClient,
  setRole,
} from "../../fleet/index.ts";
import type { Client } from "../../identity/index.ts";
import { issueClient, makeAuthority, openAuthority, readCertificate } from "../../pki/index.ts";
import { ROLE_NAMES } from "../../policy/index.ts";
import { callLine, readDone } from "../gateway-api/index.ts";
import { pickLine } from "../lines/index.ts";
import { keptRoles, unknownRole } from "../roles/index.ts";
import { openFleet, publish, signList } from "./open-fleet.ts";
import type { FleetPorts } from "./ports.ts";
import { askHost, eachAtOnce, type HostResult, pushList } from "./push-list.ts";

/** A change, and what became of it on each host. */
export interface Pushed {
  readonly fleet: OperatedFleet;
  readonly hosts: readonly HostResult[];
}

/** @throws FLEET_EXISTS */
export async function initFleet({ fleets, clock }: FleetPorts, name: string): Promise<OperatedFleet> {
  const ca = await makeAuthority({ subject: `tetherdock fleet ${name}`, now: clock(), clientsOnly: true });
  const { privateKey } = generateKeyPairSync("ed25519");
  const operatorKey = privateKey.export({ type: "pkcs8", format: "pem" });
  const list: FleetList = { name, ca: ca.certificate, clients: [], revoked: [], hosts: [] };
  const fleet = { name, ca, operatorKey, kept: await signList(null, list, operatorKey, clock()) };
  await fleets.create(fleet);
  return fleet;
}

/** @returns whether the host is in this fleet @throws GATEWAY_UNREACHABLE, GATEWAY_REFUSED; FLEET_REFUSED: in another */
async function isInFleet(ports: FleetPorts, fleet: string, host: string): Promise<boolean> {
  const there = await askHost(ports, host);
  if (there === null || there.name === fleet) return there !== null;
  const leave = shellJoin(["tetherdock", "fleet", "leave", host, "--fleet", there.name]);
  throw new TetherdockError(
    "FLEET_REFUSED",
    `the host of line "${host}" is in the fleet ${quoteForeign(there.name)}`,
    { hints: [`${leave}   # where that fleet is operated`] },
  );
}

/** @throws LINE_UNKNOWN, LINE_BROKEN, and what {@link isInFleet} throws */
async function hostOf(ports: FleetPorts, fleet: string, name: string): Promise<FleetHost> {
  const [{ address, port }, ca] = await Promise.all([
    ports.lines.read(name),
    ports.lines.readFile(name, "docker/ca.pem"),
  ]);
  await isInFleet(ports, fleet, name);
  return { name, address, port, ca };
}

/** Signs the change, and brings the list to all hosts. */
async function change(
  ports: FleetPorts,
  name: string | undefined,
  make: (list: FleetList) => Parameters<typeof publish>[2],
): Promise<Pushed> {
  const before = await openFleet(ports, name);
  const fleet = await publish(ports, before, make(before.kept.view.list));
  return { fleet, hosts: await pushList(ports, fleet) };
}

/** @param names of lines; if empty, the default line */
export async function joinHosts(
  ports: FleetPorts,
  fleet: string | undefined,
  names: readonly string[],
): Promise<Pushed> {
  const picked = await Promise.all(
    (names.length === 0 ? [undefined] : names).map((one) => pickLine(ports, one)),
  );
  const { name } = await openFleet(ports, fleet);
  const hosts = await eachAtOnce([...new Set(picked)], (one) => hostOf(ports, name, one));
  return change(ports, fleet, (list) => putHosts(list, hosts));
}

/**
 * The host first: if it cannot be reached, it is still in the fleet.
 * @throws GATEWAY_UNREACHABLE, FLEET_REFUSED for a host of another fleet; neither if forced
 */
export async function leaveFleet(
  ports: FleetPorts,
  fleet: string | undefined,
  host: string,
  { force }: { readonly force: boolean },
): Promise<Pushed> {
  const { name, kept } = await openFleet(ports, fleet);
  if (kept.view.list.hosts.some((one) => one.name === host))
    try {
      if (await isInFleet(ports, name, host))
        await callLine(ports, host, { method: "DELETE", path: "fleet" }, readDone);
    } catch (error) {
      if (!(error instanceof TetherdockError)) throw error;
      if (!force) throw error.with({ hints: [shellJoin(["tetherdock", "fleet", "leave", host, "--force"])] });
    }
  return change(ports, fleet, (list) => removeHost(list, host));
}

/** Signs the list anew, so that it lasts longer, and brings it to all hosts. */
export function pushFleet(ports: FleetPorts, fleet: string | undefined): Promise<Pushed> {
  return change(ports, fleet, (list) => ({ list }));
}

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
        why: ["revoking it in the fleet would shut you out of your hosts for ever"],
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
  const operated = await openFleet(ports, fleet);
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
  const added = addClient(kept.view.list, client);
  if ("list" in added) await deliver({ certificate, hosts: kept.view.list.hosts });
  return change(ports, fleet, (list) => addClient(list, client));
}

/** @throws ROLE_UNKNOWN for a role that no host has which can be asked: its clients would be refused everywhere */
async function requireFleetRole(
  ports: FleetPorts,
  { kept }: OperatedFleet,
  role: string,
  again: (role: string) => readonly string[],
): Promise<void> {
  const { hosts } = kept.view.list;
  if (hosts.length === 0 || ROLE_NAMES.some((known) => known === role)) return;
  const own = await eachAtOnce(hosts, ({ name }) =>
    keptRoles(ports, name).catch((error: unknown) => {
      if (error instanceof TetherdockError) return [];
      throw error;
    }),
  );
  const names = [...ROLE_NAMES, ...new Set(own.flat().map((one) => one.name))];
  if (!names.includes(role)) throw unknownRole(role, names, undefined, again);
}

export async function setFleetRole(
  ports: FleetPorts,
  fleet: string | undefined,
  name: string,
  role: string,
): Promise<Pushed> {
  const again = (near: string) => ["tetherdock", "fleet", "client", "role", name, near];
  await requireFleetRole(ports, await openFleet(ports, fleet), role, again);
  return change(ports, fleet, (list) => setRole(list, name, role));
}

export function revokeFleetClient(
  ports: FleetPorts,
  fleet: string | undefined,
  name: string,
): Promise<Pushed> {
  return change(ports, fleet, (list) => revokeClient(list, name));
}

export function removeFleetClient(
  ports: FleetPorts,
  fleet: string | undefined,
  name: string,
): Promise<Pushed> {
  return change(ports, fleet, (list) => removeClient(list, name));
}
