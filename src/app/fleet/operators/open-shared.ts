/** `fleet operator key` and `fleet open`: how a second machine comes to operate a fleet. */
import { createPublicKey } from "node:crypto";
import { quoteForeign, SECOND_MS, shellJoin, TetherdockError } from "../../../base/index.ts";
import {
  type FleetShare,
  isOperator,
  type KeptFleet,
  type OperatedFleet,
  type OperatedStore,
  readShare,
  revokedAfter,
  verifyDocuments,
  withUsersBefore,
} from "../../../fleet/index.ts";
import { lookInStore } from "../bring-list.ts";
import type { FleetPorts } from "../ports.ts";

async function keyFor({ fleets }: FleetPorts, name: string): Promise<string> {
  const isHere = (await fleets.list()).includes(name);
  return isHere ? (await fleets.read(name)).operatorKey : fleets.futureKey(name);
}

/** @returns the public half of this machine's key for the fleet, PEM; makes the key if there is none */
export async function operatorPublicKey(ports: FleetPorts, name: string): Promise<string> {
  const key = createPublicKey(await keyFor(ports, name));
  return key.export({ type: "spki", format: "pem" }).toString();
}

function broken(path: string, why: readonly string[]): TetherdockError {
  return new TetherdockError("FLEET_BROKEN", `cannot read the fleet in ${path}`, {
    why: why.map((one) => quoteForeign(one)),
    hints: ["ask the operator who made it for another: tetherdock fleet operator add"],
  });
}

async function verified(share: FleetShare, trusted: KeptFleet | null, path: string): Promise<KeptFleet> {
  const found = await verifyDocuments(trusted?.documents ?? null, share.documents);
  if ("refused" in found) throw broken(path, [found.refused]);
  const { documents, view } = found;
  return { documents, view, revoked: revokedAfter(trusted, found) };
}

function requireOperator({ documents, view }: KeptFleet, key: string): void {
  if (isOperator(documents, key)) return;
  const { name } = view.list;
  throw new TetherdockError("FLEET_REFUSED", "the key of this machine is not an operator's of this fleet", {
    hints: [`tetherdock fleet operator key ${name}   # the key that another operator adds`],
  });
}

/** The list does not name all of the file. @throws FLEET_BROKEN: it is from another time, or somebody has changed it */
function requireSigned(
  { value: { ca, store }, isSigned }: Exclude<ReturnType<typeof readShare>, { problems: unknown }>,
  { documents, view }: KeptFleet,
  path: string,
): void {
  const { list } = view;
  if (!isSigned(documents)) throw broken(path, ["no operator of the fleet has signed it"]);
  if (JSON.stringify(store.address) !== JSON.stringify(list.store))
    throw broken(path, ["its store is not the one that the fleet's list names"]);
  if (ca.certificate !== list.ca) throw broken(path, ["its CA is not the one that the fleet's list names"]);
}

/**
 * @param text of the file that another operator has made @param path of it, for messages
 * @param storeOf how this machine writes to the fleet's store
 * @returns the fleet, which this machine operates too from now on; if it had it already, with what is new. `misplaced` says why what
 *   this machine publishes would not get to the hosts
 * @throws FLEET_BROKEN, FLEET_REFUSED
 */
export async function openShared(
  ports: FleetPorts,
  text: string,
  path: string,
  storeOf: (store: OperatedStore) => OperatedStore,
): Promise<OperatedFleet & { readonly misplaced: readonly string[] }> {
  const read = readShare(text);
  if ("problems" in read) throw broken(path, read.problems);
  const { fleets } = ports;
  const share = read.value;
  const offered = await verified(share, null, path);
  const { name } = offered.view.list;
  const had = (await fleets.list()).includes(name) ? await fleets.read(name) : null;
  const operatorKey = had?.operatorKey ?? (await fleets.futureKey(name));
  requireOperator(offered, operatorKey);
  if (had !== null && had.kept.documents.roots[0] !== offered.documents.roots[0])
    throw new TetherdockError("FLEET_EXISTS", `there is already another fleet "${name}"`, {
      hints: [shellJoin(["tetherdock", "fleet", "status", "--fleet", name])],
    });
  const store = withUsersBefore(
    had?.store ?? null,
    storeOf(share.store),
    Math.floor(ports.clock() / SECOND_MS),
  );
  const isNewer = had !== null && offered.view.version > had.kept.view.version;
  const kept = isNewer ? await verified(share, had.kept, path) : (had?.kept ?? offered);
  requireSigned(read, kept, path);
  if (had === null) await fleets.create({ name, operatorKey, ca: share.ca, kept, store });
  else if (isNewer) await fleets.publish(name, kept);
  await fleets.setStore(name, store);
  await fleets.forgetFutureKey(name);
  const fleet = { name, operatorKey, ca: had?.ca ?? share.ca, kept, store };
  const names = kept.view.list.hosts.map((host) => host.name);
  const misplaced = await lookInStore(
    ports,
    fleet,
    async (opened) => (await opened.misplaced?.(names)) ?? null,
  );
  return { ...fleet, misplaced: misplaced ?? [] };
}
