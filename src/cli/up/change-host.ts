/** The part of `up` that changes something: laptop staged, host changed, proven from outside, confirmed. Or put back. */
import { randomUUID } from "node:crypto";
import { TetherdockError } from "../../base/index.ts";
import type { HostShell } from "../../facts/index.ts";
import {
  applyPlan,
  confirmTransaction,
  openTransaction,
  type Plan,
  sendPrograms,
  type TransactionParts,
  undoTransaction,
} from "../../host/index.ts";
import { formatLine, type Line } from "../../line/index.ts";
import { issueServer } from "../../pki/index.ts";
import type { Context } from "../context.ts";
import { refreshContextsOf } from "../line-contexts.ts";
import { VERSION } from "../version.ts";
import { whoAmI } from "./identity.ts";
import { requireProven } from "./judge-proof.ts";
import { discardPending } from "./pending-line.ts";
import type { Prepared } from "./prepare.ts";
import { type AddressProof, proveLine } from "./prove-line.ts";
import { untilServed } from "./until-served.ts";

/** What came of it. */
export interface Outcome {
  readonly proofs: readonly AddressProof[];
  /** Milliseconds that docker needed to restart. */
  readonly restartMs: number | null;
}

function transactionParts(
  context: Context,
  { facts, line, identity, names, gateway }: Prepared,
  plan: Plan,
  shell: HostShell,
  confirmWithinMs: number,
  onSigned: (certificate: string) => void,
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
      const certificate = await issueServer(identity.authority, { publicKey, names: names.all, now });
      onSigned(certificate);
      return certificate;
    },
    onStep: (title) => {
      context.stderr.write(`  ${title}\n`);
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

/** The laptop's half, once the host is confirmed: one rename, or single files of a line that exists. */
export async function keepLine(context: Context, { line, before, identity }: Prepared): Promise<void> {
  const { lines } = context;
  if (!before) return commitNew(context, line);
  if (identity.fresh) await lines.update(line.name, "docker/cert.pem", identity.certificate);
  if (formatLine(line) !== formatLine(before)) await lines.update(line.name, "line.json", formatLine(line));
  for (const name of await refreshContextsOf(context, line))
    context.stderr.write(`docker context ${name} refreshed\n`);
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
  let signed: string | null = null;
  const parts = transactionParts(context, prepared, plan, shell, confirmWithinMs, (certificate) => {
    signed = certificate;
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
    if (plan.gateway === "reload" && signed !== null) await untilServed(line, identity, signed);
    context.stderr.write("  prove it from here\n");
    const now = context.clock();
    const { port, mode } = line;
    const proofs = await proveLine({ identity, names, port, mode, closedPorts: plan.closedPorts, now });
    await requireProven(shell, proofs);
    context.signal.throwIfAborted();
    asked = true;
    await confirmTransaction(parts);
    await keepLine(context, prepared);
    return { proofs, restartMs };
  } catch (error) {
    const undone = await undoTransaction(parts);
    // Left pending when the fate is not known: the next `up` asks the host.
    if (staged && undone) await context.lines.discard(line.name);
    throw withFate(
      withHistory(error, prepared),
      undone ? "undone" : asked ? "confirmed?" : "pending",
      confirmWithinMs,
    );
  }
}
