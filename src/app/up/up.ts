/** `up`: from a host with docker to a line that is proven. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { isEmpty, type Plan, planLine, untried } from "../../host/index.ts";
import type { OpenHost } from "../host/index.ts";
import { changeHost, type Outcome } from "./change/change-host.ts";
import { keepLine, withHost } from "./change/keep-line.ts";
import type { UpPorts } from "./ports.ts";
import { prepare } from "./prepare/prepare.ts";
import type { Prepared } from "./prepared.ts";
import { failuresOf, requireProven } from "./prove/judge-proof.ts";
import { proveLine } from "./prove/prove-line.ts";
import { checkRequest, type UpRequest, type UpTarget, withCommands } from "./request.ts";

/** The result of an `up`. */
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
  await requireProven(shell, proofs, { request: prepared.request, mode });
  const kept = withHost(line, serverKey, proofs);
  const reissued = await keepLine(ports, { ...prepared, line: kept });
  return { proofs, restartMs: null, line: kept, reissued };
}

function planRestart({ facts, survey, desired }: Prepared): Plan {
  return planLine(facts, survey, { ...desired, forceRestart: true });
}

async function carryOut(ports: UpPorts, prepared: Prepared, plan: Plan, host: OpenHost): Promise<Outcome> {
  if (!(await ports.questions.confirm({ kind: "plan", prepared, plan })))
    throw new TetherdockError("INTERRUPTED", "nothing was changed");
  return changeHost(ports, prepared, plan, host.shell);
}

/** The name of a line is not an ssh destination, but users type it: suggest the line's destination. */
async function hintOfLine({ lines }: UpPorts, name: string): Promise<string[]> {
  if (!(await lines.list()).includes(name)) return [];
  const { target } = await lines.read(name);
  if (target === name) return [];
  return [`${shellJoin(["tetherdock", "up", target ?? "--local"])}   # the host of the line ${name}`];
}

async function reach(ports: UpPorts, target: UpTarget): Promise<OpenHost> {
  try {
    return await ports.open(target?.text ?? null);
  } catch (error) {
    if (!target || !(error instanceof TetherdockError) || !error.code.startsWith("SSH_")) throw error;
    throw error.with({ hints: await hintOfLine(ports, target.text) });
  }
}

async function upOn(ports: UpPorts, request: UpRequest, target: UpTarget, host: OpenHost): Promise<UpResult> {
  const prepared = await prepare(ports, request, target, host);
  const { plan } = prepared;
  // Before anything is changed: a host of a kind that nobody has tried may still do, and the user knows why if not.
  const text = untried(prepared.facts);
  if (text !== null) ports.report({ kind: "notice", id: "untried", text });
  if (request.dryRun) return { kind: "planned", prepared };
  const same = isEmpty(plan) ? await proveUnchanged(ports, prepared, host) : null;
  const wanted = isEmpty(plan) ? planRestart(prepared) : plan;
  const outcome = same ?? (await carryOut(ports, prepared, wanted, host));
  return { kind: "proven", prepared, outcome, changed: same === null };
}

/** @throws what stands in the way, after the host was put back (or with a word on when it will be) */
export async function up(ports: UpPorts, request: UpRequest): Promise<UpResult> {
  const target = checkRequest(request);
  const host = await reach(ports, target);
  try {
    return await upOn(ports, request, target, host);
  } catch (error) {
    throw withCommands(error, request);
  } finally {
    await host.shell.close();
  }
}
