/** `fleet operator`: whose keys sign a fleet's list. Each change is a new root.json, which the operators before have signed. */
import { createPrivateKey } from "node:crypto";
import { TetherdockError } from "../../../base/index.ts";
import {
  calledOperator,
  formatShare,
  isShared,
  MOST_OPERATORS,
  makeOperatorKey,
  type OperatedFleet,
  type Operator,
  operatorIdOf,
  operatorOf,
  operatorsOf,
  publishersOf,
  readOperatorKey,
  thresholdOf,
} from "../../../fleet/index.ts";
import type { Pushed } from "../bring-list.ts";
import { type Ahead, listAhead, lsOf, requireNewest, takeNewest } from "../newest-list.ts";
import { openFleet, publishSame } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { bringSigned } from "./bring-signed.ts";
import { keptLike, signingKey } from "./own-key.ts";
import { requireNoneWaiting } from "./proposals.ts";
import { type Waiting, waitingIn } from "./sign.ts";

const ownId = ({ operatorKey }: OperatedFleet): string => operatorIdOf(operatorKey);

export interface Operators {
  readonly fleet: OperatedFleet;
  readonly operators: readonly Operator[];
  /** Id of this machine's key, which may no longer be an operator's. */
  readonly own: string;
  /** How many of them have to sign a change. */
  readonly threshold: number;
  /** A change that waits for signatures; null: none does. */
  readonly waiting: Waiting | TetherdockError | null;
}

export async function fleetOperators(ports: FleetPorts, name: string | undefined): Promise<Operators> {
  const fleet = await takeNewest(ports, await openFleet(ports, name));
  const { documents } = fleet.kept;
  const threshold = thresholdOf(documents);
  const waiting = isShared(documents) ? await waitingIn(ports, fleet) : null;
  return { fleet, operators: operatorsOf(documents), own: ownId(fleet), threshold, waiting };
}

/** @returns why losing one key would end all changes; null: it would not */
export function allNeeded(operators: number, threshold: number): string | null {
  if (threshold === 1 || operators > threshold) return null;
  return `all ${operators} operators have to sign: once one of the keys is lost, nobody can change the list any more; add another operator`;
}

function tellAllNeeded({ tell }: FleetPorts, operators: number, threshold: number): void {
  const why = allNeeded(operators, threshold);
  if (why !== null) tell(`from then on ${why}`);
}

const refused = (text: string, hints: readonly string[], why: readonly string[] = []): TetherdockError =>
  new TetherdockError("FLEET_REFUSED", text, { why, hints });

function withOperator({ name, kept }: OperatedFleet, added: Operator): readonly Operator[] {
  const operators = operatorsOf(kept.documents);
  const twin = operators.find((one) => one.id === added.id);
  if (twin) throw refused(`the key is the one of the operator ${calledOperator(twin)}`, [lsOf(name)]);
  if (operators.some((one) => one.name === added.name))
    throw refused(`the fleet has an operator ${added.name} already`, [lsOf(name)]);
  if (operators.length >= MOST_OPERATORS)
    throw refused(`a fleet has at most ${MOST_OPERATORS} operators`, [lsOf(name)]);
  return [...operators, added];
}

/**
 * @param publicKey PEM, made on the new operator's machine
 * @param deliver gets what the new operator's machine needs: it is secret, and has no operator's key
 * @throws FLEET_REFUSED, FLEET_CONFLICT, KEY_UNREADABLE, KEY_UNSUITABLE
 */
export async function addOperator(
  ports: FleetPorts,
  fleet: string | undefined,
  { name, publicKey }: { readonly name: string; readonly publicKey: string },
  deliver: (share: string) => Promise<void>,
): Promise<Pushed> {
  const added = operatorOf(readOperatorKey(publicKey), name);
  const before = await requireNewest(ports, await openFleet(ports, fleet));
  const { store } = before;
  if (store === null)
    throw refused(
      "several operators need a store",
      ["tetherdock fleet store --help   # gives the fleet one"],
      ["it is where each finds what the others have changed"],
    );
  // Again for the same one: the file was lost, or the fleet has another store.
  const isThere = operatorsOf(before.kept.documents).some((one) => one.id === added.id && one.name === name);
  const after = isThere
    ? before
    : await publishSame(ports, before, { operators: withOperator(before, added) });
  await deliver(formatShare(after, store, await signingKey(ports, after)));
  return bringSigned(ports, after);
}

function found({ name, kept }: OperatedFleet, wanted: string): Operator {
  const operators = operatorsOf(kept.documents);
  const byKey = (one: Operator) => /^[0-9a-f]{16,64}$/.test(wanted) && one.id.startsWith(wanted);
  const all = operators.filter((one) => one.name === wanted || byKey(one));
  const [one] = all;
  if (one && all.length === 1) return one;
  throw refused(`the fleet has no operator ${wanted}`, [lsOf(name)]);
}

/**
 * A thief may have signed a version that is higher than any other can be. Hosts forget the version of a list that only a removed
 * operator has signed.
 */
function above(ahead: Ahead | null, removed: Operator): { readonly above?: number } {
  const isTheirs = ahead === null || publishersOf(ahead.documents).every(({ id }) => id === removed.id);
  return isTheirs ? {} : { above: ahead.view.version };
}

/** @throws FLEET_REFUSED: too few would be left to sign a list */
function requireEnough({ name, kept }: OperatedFleet, operators: number): void {
  const threshold = thresholdOf(kept.documents);
  if (operators >= threshold) return;
  throw refused(`a list needs the signatures of ${threshold} operators, and ${operators} would be left`, [
    `tetherdock fleet operator threshold ${operators} --fleet ${name}`,
  ]);
}

/**
 * Sets how many operators have to sign a list.
 * @throws FLEET_REFUSED, FLEET_CONFLICT, FLEET_PROPOSED
 */
export async function setThreshold(
  ports: FleetPorts,
  fleet: string | undefined,
  threshold: number,
): Promise<Pushed> {
  const before = await requireNewest(ports, await openFleet(ports, fleet));
  const { name, kept } = before;
  const { length } = operatorsOf(kept.documents);
  if (threshold > length)
    throw refused(`the fleet has ${length === 1 ? "one operator" : `${length} operators`}`, [
      `tetherdock fleet operator add --help   # there have to be ${threshold}, or nobody could change anything`,
    ]);
  if (threshold === thresholdOf(kept.documents))
    throw refused(`a list needs ${threshold === 1 ? "1 signature" : `${threshold} signatures`} already`, [
      lsOf(name),
    ]);
  tellAllNeeded(ports, length, threshold);
  const after = await publishSame(ports, before, { threshold });
  return bringSigned(ports, after);
}

/**
 * From now on, hosts that have the new list refuse what the key signs.
 * @param wanted name, or the beginning of the key's SHA-256
 * @param force what was changed on other machines since does not count: the thief may have done it
 * @throws FLEET_REFUSED, FLEET_CONFLICT
 */
export async function removeOperator(
  ports: FleetPorts,
  fleet: string | undefined,
  wanted: string,
  { force }: { readonly force: boolean },
): Promise<Pushed> {
  const opened = await openFleet(ports, fleet);
  const before = force ? opened : await requireNewest(ports, opened);
  const removed = found(before, wanted);
  if (removed.id === ownId(before))
    throw refused("this is the key of this machine", [
      `tetherdock fleet operator rotate --fleet ${before.name}   # replaces it with a new one`,
      "run tetherdock fleet operator rm on another operator's machine",
    ]);
  const operators = operatorsOf(before.kept.documents).filter(({ id }) => id !== removed.id);
  requireEnough(before, operators.length);
  tellAllNeeded(ports, operators.length, thresholdOf(before.kept.documents));
  const also = { operators, ...(force ? above(await listAhead(ports, opened), removed) : {}) };
  const after = await publishSame(ports, before, also);
  return bringSigned(ports, after);
}

/**
 * Replaces the key of this machine's operator. Killed at any point, the machine has the key that hosts accept.
 * @throws FLEET_REFUSED, FLEET_CONFLICT
 */
export async function rotateKey(ports: FleetPorts, fleet: string | undefined): Promise<Pushed> {
  const before = await requireNewest(ports, await openFleet(ports, fleet));
  // The key of a change that waits must not be replaced: somebody may still publish it.
  if (thresholdOf(before.kept.documents) > 1) await requireNoneWaiting(ports, before);
  const [own, pem] = [ownId(before), makeOperatorKey()];
  // A wrong passphrase ends it here: it would encrypt the new key too.
  await signingKey(ports, before);
  const [nextKey, operatorKey] = [createPrivateKey(pem), await keptLike(ports, before, pem)];
  const next = (name: string | null) => operatorOf(nextKey, name);
  const operators = operatorsOf(before.kept.documents).map((one) => (one.id === own ? next(one.name) : one));
  await ports.fleets.setOperatorKey(before.name, before.operatorKey, operatorKey);
  const signed = await publishSame(ports, before, { operators, nextKey });
  await ports.fleets.setOperatorKey(before.name, operatorKey, null);
  const after = { ...signed, operatorKey };
  return bringSigned(ports, after);
}
