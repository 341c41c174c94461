/** Changes that wait for signatures of other operators: on this machine, and in the store for the others. */
import { quoteForeign, TetherdockError } from "../../../base/index.ts";
import {
  calledOperator,
  formatProposal,
  isOperator,
  isSameChange,
  type KeptFleet,
  type OperatedFleet,
  type Operator,
  operatorsOf,
  type Proposal,
  type ReadProposal,
  readProposal,
} from "../../../fleet/index.ts";
import { lookInStore, withStore } from "../bring-list.ts";
import type { FleetPorts } from "../ports.ts";

export const namesOf = (operators: readonly Operator[]): string =>
  [...new Set(operators.map((one) => quoteForeign(calledOperator(one))))].join(", ");

/** Another operator has dropped it, or somebody has emptied the store: only its author can tell. */
const ONLY_HERE = "only this machine has it: the store does not, or does not answer";

export const signCommand = (fleet: string, ...more: readonly string[]): string =>
  ["tetherdock fleet sign", ...more, "--fleet", fleet].join(" ");

/** @property isOnlyHere the store does not have it, or does not say */
export type FoundProposal = ReadProposal & { readonly isOnlyHere: boolean };

/**
 * The change that waits: the one in the store, or, if that cannot be signed, the one that this machine has made.
 * @returns null: there is none
 */
export async function waitingProposal(
  ports: FleetPorts,
  fleet: OperatedFleet,
): Promise<FoundProposal | null> {
  const { there, here } = await bothProposals(ports, fleet);
  const read = [
    ...(there === null ? [] : [{ ...there, isOnlyHere: false }]),
    ...(here === null ? [] : [{ ...here, isOnlyHere: true }]),
  ];
  return read.find((one) => "value" in one) ?? read[0] ?? null;
}

/** @returns the one in the store, and that of this machine if it is another text; null: there is none */
async function bothProposals(ports: FleetPorts, fleet: OperatedFleet) {
  const read = (text: string | null) =>
    text === null ? null : readProposal(fleet.kept, text, ports.clock());
  const there = await lookInStore(ports, fleet, (store) => store.proposed());
  const here = await ports.fleets.proposal(fleet.name);
  return { there: read(there), here: read(here === there ? null : here) };
}

/**
 * Somebody else's may have taken the place of this machine's.
 * @returns the change that this machine has made, if another one waits in the store; null: it has made none, or it is the same
 */
export async function hiddenProposal(ports: FleetPorts, fleet: OperatedFleet): Promise<Proposal | null> {
  const { there, here } = await bothProposals(ports, fleet);
  if (there === null || here === null || !("value" in there && "value" in here)) return null;
  return isSameChange(there.value.draft, here.value.draft) ? null : here.value;
}

/** A change that waited on this machine when others changed the list: signed by them, or to be made again. */
export async function settleProposal(ports: FleetPorts, name: string, kept: KeptFleet): Promise<void> {
  const text = await ports.fleets.proposal(name);
  const read = text === null ? null : readProposal(kept, text, ports.clock());
  if (read === null || !("refused" in read && read.isOld)) return;
  await ports.fleets.setProposal(name, null);
  if (!read.isPublished)
    ports.tell(
      "the change that waited on this machine was for an earlier list; if this one lacks it, make it again",
    );
}

/** FLEET_PROPOSED: what is missing, and the next command. */
export function stillWaits({ name, kept }: OperatedFleet, proposal: Proposal): TetherdockError {
  const { missing, signers } = proposal;
  const has = new Set(signers.map(({ id }) => id));
  const others = operatorsOf(kept.documents).filter(({ id }) => !has.has(id));
  const signatures = missing === 1 ? "1 more signature" : `${missing} more signatures`;
  return new TetherdockError(
    "FLEET_PROPOSED",
    missing === 0 ? "the change is signed, and waits to be published" : `the change waits for ${signatures}`,
    {
      why: [
        `signed by ${namesOf(signers)}; no host has it yet`,
        ...(others.length > 0 ? [`these can sign too: ${namesOf(others)}`] : []),
      ],
      hints: [
        `${signCommand(name)}   # on another operator's machine`,
        `${signCommand(name, "--drop")}   # gives it up`,
      ],
    },
  );
}

/** Keeps it here, and puts it in the store. @throws FLEET_STORE_FAILED: it is kept here only */
export async function keepProposal(
  ports: FleetPorts,
  fleet: OperatedFleet,
  draft: Proposal["draft"],
): Promise<void> {
  const text = formatProposal(fleet.kept, draft);
  await ports.fleets.setProposal(fleet.name, text);
  try {
    await withStore(ports, fleet, async (store) => {
      await store?.propose(text);
      if (store && (await store.proposed()) !== text)
        ports.tell(
          "the store does not show others the change yet: its web server has to serve proposal.json",
        );
    });
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
    throw error.with({
      hints: [`${signCommand(fleet.name)}   # puts the change there, once the store is back`],
    });
  }
}

/** @throws FLEET_REFUSED: a change waits already */
export async function requireNoneWaiting(ports: FleetPorts, fleet: OperatedFleet): Promise<void> {
  const { name } = fleet;
  const waiting = await waitingProposal(ports, fleet);
  if (waiting !== null && "value" in waiting)
    throw new TetherdockError("FLEET_REFUSED", "another change waits for signatures", {
      why: [
        `signed by ${namesOf(waiting.value.signers)}; one change can wait at a time`,
        ...(waiting.isOnlyHere ? [ONLY_HERE] : []),
      ],
      hints: [
        `${signCommand(name)}   # shows it, and signs it`,
        `${signCommand(name, "--drop")}   # gives it up`,
      ],
    });
}

/** @throws FLEET_PROPOSED always, if nothing worse happens; FLEET_REFUSED, FLEET_STORE_FAILED */
export async function propose(ports: FleetPorts, fleet: OperatedFleet, proposal: Proposal): Promise<never> {
  if (fleet.store === null)
    throw new TetherdockError("FLEET_REFUSED", "a change that others have to sign needs a store", {
      why: ["it is where the other operators find it"],
      hints: ["tetherdock fleet operator threshold --help   # one signature is enough with 1"],
    });
  await requireNoneWaiting(ports, fleet);
  await keepProposal(ports, fleet, proposal.draft);
  throw stillWaits(fleet, proposal);
}

/** Removes it here and from the store. Operators who have signed it can still publish it until another list is. @throws FLEET_STORE_FAILED */
export async function dropProposal(ports: FleetPorts, fleet: OperatedFleet): Promise<void> {
  await ports.fleets.setProposal(fleet.name, null);
  await withStore(ports, fleet, async (store) => store?.propose(null));
}

/** @returns FLEET_REFUSED: another operator has removed this one; null: this machine is an operator's */
export function removedFrom({ name, kept, operatorKey }: OperatedFleet): TetherdockError | null {
  if (isOperator(kept.documents, operatorKey)) return null;
  return new TetherdockError("FLEET_REFUSED", "the key of this machine is no longer an operator's", {
    why: ["another operator has removed it, and hosts accept nothing that it signs"],
    hints: [`tetherdock fleet operator ls --fleet ${name}   # who could add it again`],
  });
}

/** @throws FLEET_REFUSED: another operator has removed this one */
export function requireOperator(fleet: OperatedFleet): void {
  const removed = removedFrom(fleet);
  if (removed !== null) throw removed;
}
