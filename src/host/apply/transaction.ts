/** One change of a host, from opening the journal to confirm or undo. Drives a {@link HostShell}. */
import { TetherdockError } from "../../base/index.ts";
import type { HostShell, TransactionAbout } from "../../facts/index.ts";
import { confirmScript, openScript, type Touched, undoNowScript } from "../journal/transaction.ts";
import type { Change, Plan } from "../plan/change.ts";
import { stepFailure } from "./failure.ts";
import { sha256 } from "./sha256.ts";
import { restartStep, type Step, stepFor } from "./step.ts";

/** What a transaction needs beside the plan. */
export interface TransactionParts {
  readonly shell: HostShell;
  readonly plan: Plan;
  readonly number: number;
  readonly about: TransactionAbout;
  /** Every socket unit that starts docker: its state is part of what an undo restores. */
  readonly sockets: readonly string[];
  readonly confirmWithinMs: number;
  /** Signs the host's public key (SPKI PEM); returns the certificate, PEM. */
  readonly sign: (publicKey: string) => Promise<string>;
  /** The public key already on the host, if it stays. */
  readonly publicKey: string | null;
  /** Called before each step. */
  readonly onStep: (title: string) => void;
}

/** How long the restart took on the host, if there was one. */
export interface Applied {
  readonly restartMs: number | null;
}

function touchedBy(change: Change): Touched {
  const { path } = change;
  const sum = (text: string | undefined) => (text === undefined ? "absent" : sha256(text));
  switch (change.kind) {
    case "write":
    case "certificate":
      return { path, expect: sum(change.before?.text) };
    case "remove":
      return { path, expect: change.before === null ? null : sha256(change.before) };
    case "link":
    case "key":
      return { path, expect: "absent" };
  }
}

async function runStep({ shell, onStep }: TransactionParts, step: Step, timeoutMs?: number): Promise<string> {
  onStep(step.title);
  const result = await shell.run(step.script, timeoutMs);
  if (result.status !== 0) throw stepFailure(step.title, result);
  return result.stdout;
}

/**
 * Opens the transaction: nothing is changed yet, the undo is armed.
 * @throws HOST_BUSY, HOST_CHANGED_SINCE, HOST_DISK_FULL, HOST_STEP_FAILED
 */
export async function openTransaction(parts: TransactionParts): Promise<void> {
  const { number, about, sockets, confirmWithinMs, plan } = parts;
  const opening = { number, about, sockets, touched: plan.changes.map(touchedBy) };
  const script = openScript({ ...opening, confirmWithinS: Math.ceil(confirmWithinMs / 1000) });
  await runStep(parts, { title: "open the journal and arm the undo", script });
}

/**
 * Carries out the plan inside an open transaction.
 * @param mayGoOn called before each step; throws when the user wants to stop
 * @throws HOST_STEP_FAILED, HOST_DISK_FULL, DOCKER_START_FAILED, HOST_CONNECTION_LOST; the caller undoes
 */
export async function applyPlan(parts: TransactionParts, mayGoOn: () => void): Promise<Applied> {
  let publicKey = parts.publicKey;
  for (const change of parts.plan.changes) {
    mayGoOn();
    const certificate = change.kind === "certificate" ? await parts.sign(publicKey ?? "") : "";
    const output = await runStep(parts, stepFor(change, certificate));
    if (change.kind === "key") publicKey = output;
  }
  mayGoOn();
  if (!parts.plan.restart) return { restartMs: null };
  const output = await runStep(parts, restartStep(parts.plan, parts.number), parts.confirmWithinMs);
  const [start = Number.NaN, end = Number.NaN] = output.trim().split("\n").map(Number);
  return { restartMs: Math.round((end - start) * 1000) };
}

/** @throws CONFIRM_TOO_LATE when the host has undone the change already */
export async function confirmTransaction(parts: TransactionParts): Promise<void> {
  await runStep(parts, { title: "confirm", script: confirmScript(parts.number) });
}

/**
 * Undoes the open transaction now.
 * @returns whether the host said that all is as before; false when that is left to its timer
 */
export async function undoTransaction({ shell, number, onStep }: TransactionParts): Promise<boolean> {
  onStep("put everything back");
  try {
    return (await shell.run(undoNowScript(number))).status === 0;
  } catch (error) {
    if (error instanceof TetherdockError) return false;
    throw error;
  }
}
