/** `fleet sign`: a second operator looks at a change that waits, signs it, and publishes it when enough have signed. */
import { TetherdockError } from "../../../base/index.ts";
import {
  type Difference,
  differencesOf,
  formatProposal,
  isOperator,
  judgeDraft,
  type OperatedFleet,
  operatorIdOf,
  type Proposal,
  signProposal,
} from "../../../fleet/index.ts";
import type { Pushed } from "../bring-list.ts";
import { takeNewest } from "../newest-list.ts";
import { finishList, openFleet, requireStore } from "../open-fleet.ts";
import type { FleetPorts } from "../ports.ts";
import { bringSigned } from "./bring-signed.ts";
import { signingKey } from "./own-key.ts";
import {
  dropProposal,
  hiddenProposal,
  keepProposal,
  requireOperator,
  signCommand,
  stillWaits,
  waitingProposal,
} from "./proposals.ts";
import { isUnpublished } from "./unpublished.ts";

/** A change that waits, and all that it changes. */
export interface Waiting {
  readonly fleet: OperatedFleet;
  readonly proposal: Proposal;
  /** The store does not have it, or does not say: other operators do not see it. */
  readonly isOnlyHere: boolean;
  readonly differences: readonly Difference[];
}

/** @param why foreign text */
function unusable(fleet: string, why: string, isOld: boolean): TetherdockError {
  return new TetherdockError("FLEET_REFUSED", "the change that waits cannot be signed", {
    why: [why],
    hints: [
      `${signCommand(fleet, "--drop")}   # ${isOld ? "then make the change again" : "removes it from the store"}`,
    ],
  });
}

/** @returns null: nothing waits; FLEET_REFUSED: what waits cannot be signed */
export async function waitingIn(
  ports: FleetPorts,
  fleet: OperatedFleet,
): Promise<Waiting | TetherdockError | null> {
  const read = await waitingProposal(ports, fleet);
  if (read === null || ("refused" in read && read.isPublished)) return null;
  if ("refused" in read) return unusable(fleet.name, read.refused, read.isOld);
  const { value: proposal, isOnlyHere } = read;
  return { fleet, proposal, isOnlyHere, differences: differencesOf(fleet.kept, proposal) };
}

/** @throws FLEET_REFUSED: nothing waits, or it cannot be signed */
async function requireWaiting(ports: FleetPorts, fleet: OperatedFleet): Promise<Waiting> {
  const waiting = await waitingIn(ports, fleet);
  if (waiting === null)
    throw new TetherdockError("FLEET_REFUSED", "no change waits for signatures", {
      hints: [`tetherdock fleet status --fleet ${fleet.name}`],
    });
  if (waiting instanceof TetherdockError) throw waiting;
  return waiting;
}

/** @returns with this operator's signature, which it may have already */
async function signedHere(ports: FleetPorts, { fleet, proposal }: Waiting): Promise<Proposal> {
  const own = operatorIdOf(fleet.operatorKey);
  if (proposal.signers.some(({ id }) => id === own)) return proposal;
  const draft = signProposal(proposal, await signingKey(ports, fleet));
  const judged = judgeDraft(fleet.kept, draft, ports.clock());
  if ("refused" in judged) throw unusable(fleet.name, judged.refused, false);
  return judged.value;
}

/**
 * @param agrees sees all that the change does @returns null: the operator does not agree
 * @throws FLEET_PROPOSED: others have to sign it too; FLEET_REFUSED
 */
export async function signWaiting(
  ports: FleetPorts,
  name: string | undefined,
  agrees: (waiting: Waiting) => Promise<boolean>,
): Promise<Pushed | null> {
  const fleet = await takeNewest(ports, await openFleet(ports, name));
  requireOperator(fleet);
  requireStore(fleet);
  const waiting = await requireWaiting(ports, fleet);
  const own = operatorIdOf(fleet.operatorKey);
  const isSigned = waiting.proposal.signers.some(({ id }) => id === own);
  if (!(isSigned && waiting.proposal.missing > 0) && !(await agrees(waiting))) return null;
  const proposal = await signedHere(ports, waiting);
  // An operator whom the change removes cannot publish it: hosts would refuse their snapshot.
  const mayPublish =
    proposal.operators.some(({ id }) => id === own) && isOperator(fleet.kept.documents, fleet.operatorKey);
  if (proposal.missing > 0 || !mayPublish) {
    await keepProposal(ports, fleet, proposal.draft);
    throw stillWaits(fleet, proposal);
  }
  // Until the list is in the store: this machine may be killed, and the others may then make another one.
  await ports.fleets.setProposal(fleet.name, formatProposal(fleet.kept, proposal.draft));
  const after = await finishList(ports, fleet, proposal.draft);
  const pushed = await bringSigned(ports, after);
  const push = `tetherdock fleet push --fleet ${fleet.name}   # once the store can be written; until then the change waits there`;
  return { ...pushed, storeError: pushed.storeError?.with({ hints: [push] }) ?? null };
}

/**
 * Gives up the change that waits. If it has taken the place of one that was made on this machine, that one waits again.
 * @throws FLEET_STORE_FAILED; FLEET_REFUSED: it is signed
 */
export async function dropWaiting(
  ports: FleetPorts,
  name: string | undefined,
): Promise<{ readonly fleet: OperatedFleet; readonly isOwnBack: boolean }> {
  const fleet = await takeNewest(ports, await openFleet(ports, name));
  if (await isUnpublished(ports, fleet))
    throw new TetherdockError("FLEET_REFUSED", "the change is signed, and hosts may have it already", {
      why: ["it is not in the store yet"],
      hints: [`tetherdock fleet push --fleet ${fleet.name}`],
    });
  const own = await hiddenProposal(ports, fleet);
  if (own === null) await dropProposal(ports, fleet);
  else await keepProposal(ports, fleet, own.draft);
  return { fleet, isOwnBack: own !== null };
}
