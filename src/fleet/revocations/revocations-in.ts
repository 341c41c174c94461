/**
 * What documents revoke, whatever else is wrong with them. Revocations are a union: two operators may have published at once, or
 * a thief with one operator's key may have signed the highest version, so that hosts refuse what the others publish.
 */
import { type FleetDocuments, LIST_TARGET, REVOCATIONS, REVOKED_TARGET } from "../documents.ts";
import { type FleetList, ofClients, readFleetList, readRevoked } from "../fleet-list.ts";
import { targetsIn } from "../operators.ts";
import { followRoots, isTarget, openRoot, requireJson } from "../verify-documents.ts";

/** @returns undefined: it throws */
async function orNothing<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** @returns the list that was offered, if enough operators have signed it; undefined: they have not */
async function signedList(trusted: FleetDocuments, offered: FleetDocuments): Promise<FleetList | undefined> {
  const store = await openRoot(trusted.roots[0] ?? "");
  await followRoots(store, trusted.roots.slice(1));
  await orNothing(() => followRoots(store, offered.roots));
  const targets = targetsIn(offered.targets);
  store.root.verifyDelegate("targets", targets);
  if (!isTarget(targets, LIST_TARGET, offered.list)) return undefined;
  const read = readFleetList(offered.list);
  return "value" in read ? read.value : undefined;
}

/** @param targets signed by enough operators: it says who may revoke alone */
function revokedAlone(targets: string, revocations: string, revoked: string): readonly string[] {
  const role = targetsIn(revocations);
  targetsIn(targets).verifyDelegate(REVOCATIONS, role);
  return isTarget(role, REVOKED_TARGET, revoked) ? readRevoked(revoked) : [];
}

/**
 * @param trusted what was verified before @param offered from anybody
 * @returns keys that enough operators have revoked, and keys of clients that one of them has revoked. A client may be on the
 *   list that was offered only: the next documents bring it, and need not have its revocation
 */
export async function revocationsIn(
  trusted: FleetDocuments,
  offered: FleetDocuments,
): Promise<readonly string[]> {
  if ((await orNothing(() => requireJson(offered) ?? true)) === undefined) return [];
  const next = await orNothing(() => signedList(trusted, offered));
  const { revocations, revoked } = offered;
  const keys: string[] = [];
  if (revocations !== undefined && revoked !== undefined)
    for (const targets of [trusted.targets, ...(next ? [offered.targets] : [])])
      keys.push(...((await orNothing(() => revokedAlone(targets, revocations, revoked))) ?? []));
  const before = keys.length === 0 ? null : readFleetList(trusted.list);
  const lists = [...(before && "value" in before ? [before.value] : []), ...(next ? [next] : [])];
  return [...new Set([...(next?.revoked ?? []), ...lists.flatMap((list) => ofClients(list, keys))])];
}
