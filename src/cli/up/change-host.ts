/** The part of `up` that changes something: laptop staged, host changed, proven from outside, confirmed. Or put back. */
import { randomUUID } from "node:crypto";
import { refreshContextsOf } from "../../app/lines/index.ts";
import { requireProven } from "../../app/up/index.ts";
import { TetherdockError } from "../../base/index.ts";
import type { HostShell } from "../../facts/index.ts";
import {
  type AddressProof,
  applyPlan,
  confirmTransaction,
  openTransaction,
  type Plan,
  sendPrograms,
  type TransactionParts,
  undoTransaction,
} from "../../host/index.ts";
import { formatLine, type Line } from "../../line/index.ts";
import { issueServer, readCertificate } from "../../pki/index.ts";
import type { Context } from "../context.ts";
import { VERSION } from "../version.ts";
import { whoAmI } from "./identity.ts";
import { requireKeyHeld } from "./meet-host.ts";
import { discardPending } from "./pending-line.ts";
import type { Prepared } from "./prepare.ts";
import { proveLine } from "./prove-line.ts";
import { untilServed } from "./until-served.ts";

/** What came of it. */
export interface Outcome {
  readonly proofs: readonly AddressProof[];
  /** Milliseconds that docker needed to restart. */
  readonly restartMs: number | null;
  /** The line as it is kept now. */
  readonly line: Line;
}

/** The certificate that was made, and the key it is for. */
interface Signed {
  readonly certificate: string;
  readonly serverKey: string;
}

function transactionParts(
  context: Context,
  { facts, line, identity, names, gateway }: Prepared,
  plan: Plan,
  shell: HostShell,
  confirmWithinMs: number,
  onSigned: (signed: Signed) => void,
): TransactionParts {
  const now = context.clock();
  const at = new Date(now).toISOString();
  return {
    shell,
    plan,
    number: Math.max(0, ...facts.transactions.map(({ number }) => number)) + 1,
    about: {
      lineId: line.id,
      lineName: line.name,
      port: line.port,
      exposedPorts: plan.exposedPorts,
      by: whoAmI(),
      at,
      version: VERSION,
    },
    sockets: facts.sockets.map(({ unit }) => unit),
    confirmWithinMs,
    publicKey: facts.ours.publicKey,
    staging: `/var/tmp/tetherdock-${randomUUID()}`,
    payload: (file) => {
      if (!gateway) throw new Error(`nothing is sent to a host without a gateway: ${file.path}`);
      return gateway.executable.payload(file);
    },
    sign: async (publicKey) => {
      await requireKeyHeld(shell, publicKey, line.id);
      const certificate = await issueServer(identity.authority, { publicKey, names: names.named, now });
      onSigned({ certificate, serverKey: readCertificate(certificate).publicKeyFingerprint });
      return certificate;
    },
    onStep: (title) => {
      context.stderr.line(`  ${title}`);
    },
  };
}

async function stage({ lines }: Context, { line, identity }: Prepared): Promise<void> {
  await lines.stage(line.name, {
    "line.json": formatLine(line),
    "docker/ca.pem": identity.ca,
    "docker/cert.pem": identity.certificate,
    "docker/key.pem": identity.key,
    "ca/ca-key.pem": identity.caKey,
  });
}

/** Another `up` that looked at the host in between may have kept it already. */
async function commitNew({ lines }: Context, { name, id }: Line): Promise<void> {
  try {
    await lines.commit(name);
  } catch (error) {
    const isKept = (await lines.list()).includes(name) && (await lines.read(name)).id === id;
    if (!isKept) throw error;
  }
}

/** The line with what was seen of its host: by these the next command recognises it. */
export function withHost(line: Line, serverKey: string, proofs: readonly AddressProof[]): Line {
  const reached = proofs.filter(({ named, required, state }) => !named && required && state === "proven");
  const reachedAt = reached.map(({ target }) => target.endpoint.host).toSorted();
  return { ...line, host: { ...line.host, serverKeys: [serverKey], reachedAt } };
}

/**
 * Before the host confirms: if the answer is lost, the next `up` must recognise the host by its new key, or by the old
 * one if the host has undone the change.
 */
async function keepKey({ lines }: Context, line: Line, before: Line | null): Promise<void> {
  if (!before) return lines.updatePending(line.name, "line.json", formatLine(line));
  const serverKeys = [...new Set([...line.host.serverKeys, ...before.host.serverKeys])];
  if (serverKeys.length === before.host.serverKeys.length) return;
  const both = { ...before, host: { ...before.host, serverKeys } };
  await lines.update(line.name, "line.json", formatLine(both));
}

/** The laptop's half, once the host is confirmed: one rename, or single files of a line that exists. */
export async function keepLine(context: Context, { line, before, identity }: Prepared): Promise<void> {
  const { lines } = context;
  if (!before) return commitNew(context, line);
  if (identity.fresh) await lines.update(line.name, "docker/cert.pem", identity.certificate);
  if (formatLine(line) !== formatLine(before)) await lines.update(line.name, "line.json", formatLine(line));
  for (const name of await refreshContextsOf(context, line))
    context.stderr.line(`docker context ${name} refreshed`);
}

/** The host is as it was, and so is the line. If it cannot be written, the one key too many does no harm. */
async function forgetKey({ lines }: Context, before: Line): Promise<void> {
  try {
    if (formatLine(await lines.read(before.name)) !== formatLine(before))
      await lines.update(before.name, "line.json", formatLine(before));
  } catch (error) {
    if (!(error instanceof TetherdockError)) throw error;
  }
}

type Fate = "undone" | "confirmed?" | "pending";

// What keeps docker from starting may have been there long before us.
function withHistory(error: unknown, { facts }: Prepared): unknown {
  if (!(error instanceof TetherdockError) || error.code !== "DOCKER_START_FAILED") return error;
  return facts.service.active ? error : error.with({ why: ["docker did not run before, either"] });
}

function withFate(error: unknown, fate: Fate, withinMs: number): unknown {
  if (!(error instanceof TetherdockError)) return error;
  const within = `within ${Math.ceil(withinMs / 1000)} s`;
  const told = {
    undone: "the host is as it was before",
    "confirmed?": `the host has confirmed the change, or puts itself back ${within}: which one, is not known here`,
    pending: `the host puts itself back ${within}, unless it did already`,
  }[fate];
  return error.with({ why: [told], details: { undone: fate === "undone" } });
}

/**
 * @throws what went wrong, after the host was put back (or with a word on when it will be)
 */
export async function changeHost(
  context: Context,
  prepared: Prepared,
  plan: Plan,
  shell: HostShell,
  confirmWithinMs: number,
): Promise<Outcome> {
  let signed: Signed | null = null;
  const parts = transactionParts(context, prepared, plan, shell, confirmWithinMs, (one) => {
    signed = one;
  });
  const { identity, names, line, before } = prepared;
  context.signal.throwIfAborted();
  await sendPrograms(parts, () => context.signal.throwIfAborted());
  await openTransaction(parts);
  let staged = false;
  let asked = false;
  try {
    if (!before) {
      // Only now: the open journal keeps every other `up` to this host out, so what is pending is nobody's any more.
      await discardPending(context, line.name, line.target);
      await stage(context, prepared);
      staged = true;
    }
    const { restartMs } = await applyPlan(parts, () => context.signal.throwIfAborted());
    const fresh = signed as Signed | null; // set by a callback, which TypeScript does not see
    if (plan.gateway === "reload" && fresh) await untilServed(line, identity, fresh.certificate);
    const serverKey = fresh?.serverKey ?? prepared.serverKey;
    context.stderr.line("  prove it from here");
    const now = context.clock();
    const { port, mode } = line;
    const wanted = { identity, names, serverKey, port, mode, closedPorts: plan.closedPorts, now };
    const proofs = await proveLine(wanted);
    await requireProven(shell, proofs);
    context.signal.throwIfAborted();
    const kept = withHost(line, serverKey, proofs);
    await keepKey(context, kept, before);
    asked = true;
    await confirmTransaction(parts);
    await keepLine(context, { ...prepared, line: kept });
    return { proofs, restartMs, line: kept };
  } catch (error) {
    const undone = await undoTransaction(parts);
    // Left pending when the fate is not known: the next `up` asks the host.
    if (staged && undone) await context.lines.discard(line.name);
    if (before && undone) await forgetKey(context, before);
    throw withFate(
      withHistory(error, prepared),
      undone ? "undone" : asked ? "confirmed?" : "pending",
      confirmWithinMs,
    );
  }
}
