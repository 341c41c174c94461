/**
 * Lends a role to one command: a key and a client that exist only while it runs. Whatever happens to this process, the
 * gateway ends the client's access when the time is over.
 */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import type { GatewayAccess } from "../../gateway/index.ts";
import { lentName } from "../../identity/index.ts";
import { dockerEnvironment, notSetUpHere } from "../../line/index.ts";
import { makeKeyPair, readCertificate } from "../../pki/index.ts";
import { type Again, addClient } from "../clients/index.ts";
import { askRecords, callLine, gatewayAccess, readDone } from "../gateway-api/index.ts";
import { pickLine } from "../lines/index.ts";
import { makeLentRole, removeLentRole } from "./lent-role.ts";
import type { LendPorts, LentFolder } from "./ports.ts";
import { removeOwned } from "./remove-owned.ts";

export interface Loan {
  /** As typed; undefined: the one that is meant when none is named. */
  readonly line: string | undefined;
  readonly role: string;
  /** Milliseconds. */
  readonly forMs: number;
  /** A folder of the host that the command's containers may bind, as typed. */
  readonly dir?: string | undefined;
}

export interface Returned {
  readonly client: string;
  readonly status: number;
  /** How many containers, networks and volumes of its own it left behind; they are gone. */
  readonly removed: number;
  /** LEND_CLEANUP_FAILED; null: everything is taken back. */
  readonly failure: TetherdockError | null;
}

/** The host's clock may be behind ours; the client's name is in no older record. */
const CLOCKS_MS = 10 * 60_000;

interface Lent {
  readonly line: string;
  readonly client: string;
  readonly since: number;
  readonly folder: LentFolder;
  /** SHA-256 of the public key; null until it is known. */
  owner: string | null;
  /** Whether a role was made for the client; the gateway removes it with the client. */
  hasRole: boolean;
}

/** Runs steps one by one, also after one has failed. */
class Attempts {
  readonly problems: string[] = [];

  async run<T>(step: () => Promise<T>): Promise<T | undefined> {
    try {
      return await step();
    } catch (error) {
      this.problems.push((error as Error).message);
      return undefined;
    }
  }
}

async function showRecords(ports: LendPorts, { client, since }: Lent, access: GatewayAccess): Promise<void> {
  const records = askRecords(ports.gateway, access, { sinceMs: since, client });
  for await (const record of records) ports.record(record);
}

/** @returns how many things were removed */
async function endClient(ports: LendPorts, lent: Lent, owner: string, attempts: Attempts): Promise<number> {
  const { line, client } = lent;
  const path = `clients/${encodeURIComponent(client)}`;
  // Revoked first, so that it makes nothing new.
  await attempts.run(() => callLine(ports, line, { method: "POST", path: `${path}/revoke` }, readDone));
  const access = await attempts.run(() => gatewayAccess(ports, line));
  const removed = access && (await attempts.run(() => removeOwned(ports, access, owner)));
  if (access) await attempts.run(() => showRecords(ports, lent, access));
  await attempts.run(() => callLine(ports, line, { method: "DELETE", path }, readDone));
  return removed ?? 0;
}

/** Every step is tried, also after one has failed. */
async function takeBack(ports: LendPorts, lent: Lent): Promise<Pick<Returned, "removed" | "failure">> {
  const { line, client, owner, folder } = lent;
  const attempts = new Attempts();
  const removed = owner === null ? 0 : await endClient(ports, lent, owner, attempts);
  if (owner === null && lent.hasRole) await attempts.run(() => removeLentRole(ports, line, client));
  await attempts.run(() => folder.remove());
  if (attempts.problems.length === 0) return { removed, failure: null };
  const failure = new TetherdockError("LEND_CLEANUP_FAILED", `not everything of ${client} could be removed`, {
    why: [...new Set(attempts.problems)],
    hints: [
      shellJoin(["tetherdock", "client", "rm", client, "--line", line]),
      shellJoin(["tetherdock", "client", "ls", "--line", line]),
    ],
  });
  return { removed, failure };
}

function cannotLend(line: string): TetherdockError {
  return notSetUpHere(
    `this machine cannot lend a role on the line "${line}"`,
    "can sign for the command's key",
    "run tetherdock lend on the machine that set the line up",
  );
}

async function runAs(ports: LendPorts, lent: Lent, { role: asked, forMs, dir }: Loan): Promise<number> {
  const { line, client: name, folder } = lent;
  if (dir !== undefined) lent.hasRole = await makeLentRole(ports, line, { name, role: asked, dir });
  const role = lent.hasRole ? name : asked;
  const { publicKey, privateKey } = makeKeyPair();
  const deliver: Parameters<typeof addClient>[0]["deliver"] = async ({ ca, certificate }) => {
    await folder.write("key.pem", privateKey);
    await folder.write("ca.pem", ca);
    await folder.write("cert.pem", certificate);
    lent.owner = readCertificate(certificate).publicKeyFingerprint;
    return async () => {
      lent.owner = null;
    };
  };
  const again: Again = (other) => [
    ...["tetherdock", "lend", other, "--for", "TIME", "--line", line, "--", "COMMAND"],
  ];
  // The role is a copy, made for this client: nobody changes it.
  await addClient(
    { ...ports, deliver, warn: () => {} },
    { line, name, publicKey, role, expiresIn: forMs, again },
  );
  ports.signal.throwIfAborted();
  return ports.run(dockerEnvironment(await ports.lines.read(line), folder.path));
}

/** @throws LINE_JOINED, and what {@link addClient} and the command's start throw; then everything is taken back */
export async function lend(ports: LendPorts, loan: Loan): Promise<Returned> {
  const line = await pickLine(ports, loan.line);
  if ((await ports.lines.read(line)).joined) throw cannotLend(line);
  const client = lentName(ports.suffix);
  const since = Math.max(0, ports.clock() - CLOCKS_MS);
  const lent: Lent = { line, client, since, folder: await ports.folder(), owner: null, hasRole: false };
  let status: number;
  try {
    status = await runAs(ports, lent, loan);
  } catch (error) {
    const { failure } = await takeBack(ports, lent);
    throw failure !== null && error instanceof TetherdockError ? error.with(failure) : error;
  }
  return { client, status, ...(await takeBack(ports, lent)) };
}
