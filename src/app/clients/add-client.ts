/** Gives access to another person or machine, whose key was made where it is used. */
import { DAY_MS, shellJoin, TetherdockError } from "../../base/index.ts";
import type { Client } from "../../identity/index.ts";
import { readCertificate } from "../../pki/index.ts";
import { ROLE_NAMES } from "../../policy/index.ts";
import { signClient } from "../approve/index.ts";
import { askClients, callLine, type GatewayPorts, readDone } from "../gateway-api/index.ts";
import { lineOption, pickLine, requireCaKey } from "../lines/index.ts";
import { keptRoles, unknownRole } from "../roles/index.ts";
import type { AddClientPorts, Issued, RolePorts } from "./ports.ts";

/** What is asked for. */
export interface NewClient {
  /** As typed; undefined: the one that is meant when none is named. */
  readonly line: string | undefined;
  readonly name: string;
  /** PEM. */
  readonly publicKey: string;
  readonly role: Client["role"];
  /** Milliseconds from now until access ends; undefined: with the certificate. */
  readonly expiresIn: number | undefined;
  /** The same command with another role, for a hint; undefined: `client add` with a public key. */
  readonly again?: Again;
}

/** @param role another one @param line as it was found @returns the words of a command */
export type Again = (role: string, line: string) => readonly string[];

/** @throws KEY_UNREADABLE, KEY_UNSUITABLE, CA_…, LINE_BROKEN, LINE_JOINED */
async function issue(ports: AddClientPorts, line: string, wanted: NewClient): Promise<Issued> {
  const { name, publicKey, role, expiresIn } = wanted;
  const { lines, clock } = ports;
  // The gateway can let clients in without the line's CA: with its own.
  const invite = shellJoin(["tetherdock", "client", "invite", name, "--role", role, "--line", line]);
  requireCaKey(await lines.read(line), "can sign for a public key", `${invite}   # needs no CA key`);
  // In native mode there is no list, so the certificate must end as well. It ends a day later: until then the gateway can
  // say why it refuses the client, whereas TLS only says that a certificate has expired.
  const until = expiresIn === undefined ? null : clock() + expiresIn + DAY_MS;
  return signClient(ports, line, { publicKey, name, until });
}

/**
 * @returns whether somebody has an invitation of this name
 * @throws CLIENT_EXISTS: another key under a known name would be another person
 */
export async function requireNew(
  ports: GatewayPorts,
  line: string,
  wanted: Pick<NewClient, "name" | "line">,
): Promise<{ readonly isInvited: boolean }> {
  const { name } = wanted;
  const { clients, invitations } = await askClients(ports, line);
  const known = clients.find((client) => client.name === name);
  if (!known) return { isInvited: invitations.some((one) => one.name === name) };
  throw new TetherdockError("CLIENT_EXISTS", `there is already a client ${name}`, {
    why: [`its state is ${known.state}, its role ${known.role}`],
    hints: [
      `${shellJoin(["tetherdock", "client", "rm", name, ...lineOption(wanted.line)])}   # first, if the new key is to take its place`,
    ],
  });
}

/**
 * Warns of a role that others decide about: those who sign the fleet's list.
 * @throws ROLE_UNKNOWN: a client with a role that is not defined is refused everything
 */
export async function requireRole(ports: RolePorts, line: string, role: string, again: Again): Promise<void> {
  if (ROLE_NAMES.some((known) => known === role)) return;
  const kept = await keptRoles(ports, line);
  const found = kept.find(({ name }) => name === role);
  if (found?.fleet)
    ports.warn(
      `${role} is a role of the fleet: whoever signs its list decides what this client may do, and may widen it later`,
    );
  if (found) return;
  const names = [...ROLE_NAMES, ...kept.map(({ name }) => name)];
  throw unknownRole(role, names, line, (near) => again(near, line));
}

const withKeyFile =
  ({ name }: NewClient): Again =>
  (role, line) => [
    ...["tetherdock", "client", "add", name, "--role", role, "--public-key", "FILE", "--line", line],
  ];

function maybeAdded(error: TetherdockError, line: string, name: string): TetherdockError {
  return error.with({
    why: [`whether the gateway has added ${name} is not known`],
    hints: [shellJoin(["tetherdock", "client", "ls", "--line", line])],
  });
}

/**
 * Signs a certificate and hands it over, then lets the client in.
 * @throws CLIENT_EXISTS, ROLE_UNKNOWN, GATEWAY_UNREACHABLE, GATEWAY_REFUSED, KEY_…, CA_…, LINE_…
 */
export async function addClient(ports: AddClientPorts, wanted: NewClient): Promise<void> {
  const line = await pickLine(ports, wanted.line);
  await requireNew(ports, line, wanted);
  await requireRole(ports, line, wanted.role, wanted.again ?? withKeyFile(wanted));
  const issued = await issue(ports, line, wanted);
  const takeBack = await ports.deliver(issued);
  const { publicKeyFingerprint: fingerprint } = readCertificate(issued.certificate);
  const { name, role, expiresIn } = wanted;
  const expires = expiresIn === undefined ? null : new Date(ports.clock() + expiresIn).toISOString();
  const client: Client = { name, fingerprint, role, state: "active", expires };
  const path = `clients/${encodeURIComponent(name)}`;
  try {
    await callLine(ports, line, { method: "PUT", path, body: client }, readDone);
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    // Without an answer the client may be on the list, and then its certificate must not be lost.
    if (error.code !== "GATEWAY_REFUSED") throw maybeAdded(error, line, name);
    // The next attempt must not meet a certificate of a client that is not on the list. If it cannot be removed, the
    // gateway's error still matters more.
    await takeBack().catch(() => undefined);
    throw error;
  }
}
