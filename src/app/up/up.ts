/** `up`: from a host with docker to a line that is proven. */
import { TetherdockError } from "../../base/index.ts";
import { isEmpty, type Plan, planLine, untried } from "../../host/index.ts";
import { normaliseNames } from "../../pki/index.ts";
import type { OpenHost } from "../host/index.ts";
import { changeHost, type Outcome } from "./change/change-host.ts";
import { keepLine, withHost } from "./change/keep-line.ts";
import type { UpPorts } from "./ports.ts";
import { prepare } from "./prepare/prepare.ts";
import type { Prepared } from "./prepared.ts";
import { failuresOf, requireProven } from "./prove/judge-proof.ts";
import { proveLine } from "./prove/prove-line.ts";
import type { UpRequest, UpTarget } from "./request.ts";

/** What came of an `up`. */
export type UpResult =
  /** A dry run: nothing was changed. */
  | { readonly kind: "planned"; readonly prepared: Prepared }
  | {
      readonly kind: "proven";
      readonly prepared: Prepared;
      readonly outcome: Outcome;
      /** Whether anything had to be done on the host. */
      readonly changed: boolean;
    };

/** Before ssh asks for anything: what is mistyped is mistyped on any host. @throws NAME_INVALID */
export function checkNames({ address, san = [], dropSan = [] }: UpRequest): void {
  normaliseNames([...(address === undefined ? [] : [address]), ...san, ...dropSan]);
}

/** Nothing to change by the files: does the engine that runs say the same? If not, it runs with older ones. */
async function proveUnchanged(
  ports: UpPorts,
  prepared: Prepared,
  { shell }: OpenHost,
): Promise<Outcome | null> {
  const { identity, names, line, plan, serverKey } = prepared;
  const { port, mode } = line;
  const now = ports.clock();
  const wanted = { identity, names, serverKey, port, mode, closedPorts: plan.closedPorts, now };
  const proofs = await proveLine(ports.outside, wanted);
  const failures = failuresOf(proofs);
  if (failures.some(({ state }) => state === "broken" || state === "exposed")) return null;
  await requireProven(shell, proofs);
  const kept = withHost(line, serverKey, proofs);
  await keepLine(ports, { ...prepared, line: kept });
  return { proofs, restartMs: null, line: kept };
}

function planRestart({ facts, survey, wish }: Prepared): Plan {
  return planLine(facts, survey, { ...wish, forceRestart: true });
}

async function carryOut(
  ports: UpPorts,
  confirmWithin: number,
  prepared: Prepared,
  plan: Plan,
  host: OpenHost,
): Promise<Outcome> {
  if (!(await ports.questions.confirm({ kind: "plan", prepared, plan })))
    throw new TetherdockError("INTERRUPTED", "nothing was changed");
  return changeHost(ports, prepared, plan, host.shell, confirmWithin);
}

/**
 * @param host stays open; who opened it closes it
 * @throws what stands in the way, after the host was put back (or with a word on when it will be)
 */
export async function up(
  ports: UpPorts,
  request: UpRequest,
  target: UpTarget,
  host: OpenHost,
): Promise<UpResult> {
  const prepared = await prepare(ports, request, target, host);
  const { plan } = prepared;
  // Before anything is changed: a host of a kind that nobody has tried may still do, and the user knows why if not.
  const text = untried(prepared.facts);
  if (text !== null) ports.report({ kind: "notice", id: "untried", text });
  if (request.dryRun) return { kind: "planned", prepared };
  const same = isEmpty(plan) ? await proveUnchanged(ports, prepared, host) : null;
  const wanted = isEmpty(plan) ? planRestart(prepared) : plan;
  const outcome = same ?? (await carryOut(ports, request.confirmWithin, prepared, wanted, host));
  return { kind: "proven", prepared, outcome, changed: same === null };
}
