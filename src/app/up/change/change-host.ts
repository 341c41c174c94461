/**
 * The part of `up` that changes something: stage the line, change the host, prove it from outside, confirm; or undo
 * it.
 */
import type { HostShell } from "../../../facts/index.ts";
import {
  type AddressProof,
  applyPlan,
  confirmTransaction,
  openTransaction,
  type Plan,
  sendPrograms,
  undoTransaction,
} from "../../../host/index.ts";
import type { Line } from "../../../line/index.ts";
import type { UpPorts } from "../ports.ts";
import type { Prepared } from "../prepared.ts";
import { requireProven } from "../prove/judge-proof.ts";
import { proveLine } from "../prove/prove-line.ts";
import { untilServed } from "../prove/until-served.ts";
import { discardPending } from "../recognise/pending-line.ts";
import { withFate, withHistory, withMoreTime } from "./fate.ts";
import { discardStaged, forgetKey, keepKey, keepLine, stageCa, stageLine, withHost } from "./keep-line.ts";
import type { Reissued } from "./reissue.ts";
import { type Signed, transactionParts } from "./transaction-parts.ts";

/** The result. */
export interface Outcome {
  readonly proofs: readonly AddressProof[];
  /** Milliseconds that docker needed to restart. */
  readonly restartMs: number | null;
  /** The line as it is kept now. */
  readonly line: Line;
  /** Clients of a native line that need a certificate of the new CA. */
  readonly reissued: readonly Reissued[];
}

/**
 * @throws what went wrong, after the host was put back (or with a word on when it will be)
 */
export async function changeHost(
  ports: UpPorts,
  prepared: Prepared,
  plan: Plan,
  shell: HostShell,
): Promise<Outcome> {
  const confirmWithinMs = prepared.request.confirmWithin;
  let signed: Signed | null = null;
  const parts = transactionParts(ports, prepared, plan, shell, (one) => {
    signed = one;
  });
  const { identity, names, line, before, request } = prepared;
  ports.signal.throwIfAborted();
  await sendPrograms(parts, () => ports.signal.throwIfAborted());
  await openTransaction(parts);
  let staged = false;
  let asked = false;
  let outcome: Outcome;
  try {
    if (!before) {
      // Only now: the open journal keeps every other `up` to this host out, so what is pending is nobody's any more.
      await discardPending(ports, line.name, line.target);
      await stageLine(ports, prepared);
      staged = true;
    } else await stageCa(ports, prepared);
    const { restartMs } = await applyPlan(parts, () => ports.signal.throwIfAborted());
    const fresh = signed as Signed | null; // set by a callback, which TypeScript does not see
    if (plan.gateway === "reload" && fresh) await untilServed(ports, line, identity, fresh.certificate);
    const serverKey = fresh?.serverKey ?? prepared.serverKey;
    ports.report({ kind: "step", id: "prove", title: "prove it from here" });
    const now = ports.clock();
    const { port, mode } = line;
    const wanted = { identity, names, serverKey, port, mode, closedPorts: plan.closedPorts, now };
    const proofs = await proveLine(ports.outside, wanted);
    await requireProven(shell, proofs, { request, mode });
    ports.signal.throwIfAborted();
    const kept = withHost(line, serverKey, proofs);
    await keepKey(ports, kept, before);
    asked = true;
    await confirmTransaction(parts);
    outcome = { proofs, restartMs, line: kept, reissued: [] };
  } catch (error) {
    const undone = await undoTransaction(parts);
    // Left pending when the fate is not known: the next `up` asks the host.
    if (staged && undone) await discardStaged(ports, line);
    if (before && undone) await forgetKey(ports, before);
    throw withFate(
      withMoreTime(withHistory(error, prepared.facts), request),
      undone ? "undone" : asked ? "confirmed?" : "pending",
      confirmWithinMs,
    );
  }
  try {
    return { ...outcome, reissued: await keepLine(ports, { ...prepared, line: outcome.line }) };
  } catch (error) {
    throw withFate(error, "confirmed", confirmWithinMs);
  }
}
