/** One change of a host, from opening the journal to confirm or undo. Drives a {@link HostShell}. */
import { shellQuote, TetherdockError } from "../../base/index.ts";
import {
  FLEET_PATH,
  FLEET_SERVICE,
  GATEWAY_SERVICE,
  GATEWAY_SOCKET,
  type HostShell,
  type Payload,
  type TransactionAbout,
} from "../../facts/index.ts";
import { confirmScript, openScript, type Touched, undoOwnScript, whileOpen } from "../journal/transaction.ts";
import type { Change, GatewayAction, Plan, ProgramFile } from "../plan/change.ts";
import { stepFailure } from "./failure.ts";
import { sha256 } from "./sha256.ts";
import { fleetStep, gatewayStep, receiveStep, restartStep, type Step, type StepId, stepFor } from "./step.ts";

/** A reported step: the id for programs, the title for people. */
export interface StepName {
  readonly id: StepId | "undo";
  readonly title: string;
}

/** The parameters of a transaction besides the plan. */
export interface TransactionParts {
  readonly shell: HostShell;
  readonly plan: Plan;
  readonly number: number;
  readonly about: TransactionAbout;
  /** Every socket unit that starts docker; the undo restores their state too. */
  readonly sockets: readonly string[];
  readonly confirmWithinMs: number;
  /** Signs the host's public key (SPKI PEM); returns the certificate, PEM. */
  readonly sign: (publicKey: string) => Promise<string>;
  /** The public key already on the host, if it stays. */
  readonly publicKey: string | null;
  /** Folder on the host for sent programs; does not exist yet, and only root can use it. */
  readonly staging: string;
  /** The bytes of a program as they are sent. */
  readonly payload: (file: ProgramFile) => Payload;
  /** Called before each step. */
  readonly onStep: (step: StepName) => void;
}

/** Duration of the restart on the host, if there was one. */
export interface Applied {
  readonly restartMs: number | null;
}

function viaOf({ via }: { readonly via?: string }): Pick<Touched, "via"> {
  return via === undefined ? {} : { via };
}

function touchedBy(change: Change): Touched {
  const { path } = change;
  const sum = (text: string | undefined) => (text === undefined ? "absent" : sha256(text));
  switch (change.kind) {
    case "write":
      return {
        path,
        expect: sum(change.before?.text),
        ...viaOf(change),
        ...(change.shared && { shared: true }),
      };
    case "certificate":
      return { path, expect: sum(change.before?.text), ...viaOf(change) };
    case "remove": {
      const expect = change.before === null ? null : sha256(change.before);
      return { path, expect, ...(change.spare && { spare: true }) };
    }
    case "program":
      return { path, expect: change.before ?? "absent", spare: true };
    case "link":
    case "key":
      return { path, expect: "absent" };
  }
}

async function runStep({ shell, onStep }: TransactionParts, step: Step, timeoutMs?: number): Promise<string> {
  onStep(step);
  const result = await shell.run(step.script, timeoutMs);
  if (result.status !== 0) throw stepFailure(step, result);
  return result.stdout;
}

/** A step inside the open transaction. */
function runInside(parts: TransactionParts, step: Step, timeoutMs?: number): Promise<string> {
  return runStep(parts, { ...step, script: whileOpen(parts.number, step.script) }, timeoutMs);
}

// The slowest connection worth waiting for: 64 KiB/s.
const SLOWEST_BYTES_PER_MS = 64;
const SEND_PATIENCE_MS = 60_000;

/**
 * Sends the programs that the plan installs. This happens before anything is changed: a slow connection must not use up
 * the time in which the change has to be confirmed. Files that were sent and not installed are deleted when the
 * connection ends.
 * @throws HOST_STEP_FAILED, HOST_DISK_FULL, HOST_CONNECTION_LOST, HOST_TIMEOUT
 */
export async function sendPrograms(parts: TransactionParts, mayGoOn: () => void): Promise<void> {
  const { shell, plan, staging, payload, onStep } = parts;
  const files = plan.changes.flatMap((change) => (change.kind === "program" ? [change.file] : []));
  if (files.length === 0) return;
  shell.atEnd(`rm -rf ${shellQuote(staging)}`);
  for (const file of files) {
    mayGoOn();
    const step = receiveStep(file, staging, file === files[0]);
    onStep(step);
    const timeoutMs = SEND_PATIENCE_MS + Math.ceil(file.packedBytes / SLOWEST_BYTES_PER_MS);
    const result = await shell.send(step.script, payload(file), timeoutMs);
    if (result.status !== 0) throw stepFailure(step, result);
  }
}

/**
 * Opens the transaction: nothing is changed yet, but the undo is armed.
 * @throws HOST_BUSY, HOST_CHANGED_SINCE, HOST_DISK_FULL, HOST_STEP_FAILED
 */
export async function openTransaction(parts: TransactionParts): Promise<void> {
  const { number, about, sockets, confirmWithinMs, plan } = parts;
  const gatewayUnits = [
    ...(plan.gateway === "none" ? [] : [GATEWAY_SOCKET, GATEWAY_SERVICE]),
    ...(plan.fleet === "none" ? [] : [FLEET_PATH, FLEET_SERVICE]),
  ];
  const touched = plan.changes.map(touchedBy);
  const staging = plan.changes.some(({ kind }) => kind === "program") ? parts.staging : null;
  const opening = { number, about, sockets, gatewayUnits, trees: plan.trees, staging, touched };
  const script = openScript({ ...opening, confirmWithinS: Math.ceil(confirmWithinMs / 1000) });
  await runStep(parts, { id: "open", title: "open the journal and arm the undo", script });
}

/**
 * Carries out the plan inside an open transaction.
 * @param mayGoOn called before each step; throws when the user wants to stop
 * @throws HOST_STEP_FAILED, HOST_DISK_FULL, DOCKER_START_FAILED, GATEWAY_START_FAILED, HOST_CONNECTION_LOST; the caller
 *   undoes
 */
export async function applyPlan(parts: TransactionParts, mayGoOn: () => void): Promise<Applied> {
  let publicKey = parts.publicKey;
  for (const change of parts.plan.changes) {
    mayGoOn();
    const certificate = change.kind === "certificate" ? await parts.sign(publicKey ?? "") : "";
    const output = await runInside(
      parts,
      stepFor(change, { certificate, staging: parts.staging, number: parts.number }),
    );
    if (change.kind === "key") publicKey = output;
  }
  // Only one of them can have the port.
  const { gateway, fleet } = parts.plan;
  if (fleet === "stop") await follow(parts, fleet, mayGoOn);
  if (gateway === "stop") await serve(parts, gateway, mayGoOn);
  const restartMs = await restartDocker(parts, mayGoOn);
  if (gateway !== "none" && gateway !== "stop") await serve(parts, gateway, mayGoOn);
  if (fleet === "start") await follow(parts, fleet, mayGoOn);
  return { restartMs };
}

async function serve(parts: TransactionParts, action: Exclude<GatewayAction, "none">, mayGoOn: () => void) {
  mayGoOn();
  await runInside(parts, gatewayStep(action, parts.number), parts.confirmWithinMs);
}

async function follow(parts: TransactionParts, action: "start" | "stop", mayGoOn: () => void) {
  mayGoOn();
  await runInside(parts, fleetStep(action, parts.number), parts.confirmWithinMs);
}

async function restartDocker(parts: TransactionParts, mayGoOn: () => void): Promise<number | null> {
  mayGoOn();
  if (!parts.plan.restart) return null;
  const output = await runInside(parts, restartStep(parts.plan, parts.number), parts.confirmWithinMs);
  const [start = Number.NaN, end = Number.NaN] = output.trim().split("\n").map(Number);
  return Math.round((end - start) * 1000);
}

/** @throws CONFIRM_TOO_LATE when the host has undone the change already */
export async function confirmTransaction(parts: TransactionParts): Promise<void> {
  await runStep(parts, { id: "confirm", title: "confirm", script: confirmScript(parts.number) });
}

/**
 * Undoes the open transaction now.
 * @returns whether the host reported that everything is restored; false when that is left to its timer
 */
export async function undoTransaction({ shell, number, onStep }: TransactionParts): Promise<boolean> {
  onStep({ id: "undo", title: "put everything back" });
  try {
    return (await shell.run(undoOwnScript(number))).status === 0;
  } catch (error) {
    if (error instanceof TetherdockError) return false;
    throw error;
  }
}
