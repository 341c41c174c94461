/** Inspects the host, and deals with a change that is open there. */
import { Foreign, quoteForeign, SECOND_MS, TetherdockError } from "../../base/index.ts";
import { factsScript, type HostFacts, type HostShell, JOURNAL, parseFacts } from "../../facts/index.ts";
import { settleScript } from "../../host/index.ts";
import type { LookPorts, RandomPort } from "./ports.ts";

// A minute longer than any --confirm-within.
const WAIT_MS = 16 * 60 * SECOND_MS;

/** One inspection. @throws FACTS_INCOMPLETE, HOST_CONNECTION_LOST, HOST_TIMEOUT */
export async function look(random: RandomPort, shell: HostShell): Promise<HostFacts> {
  const marker = `facts-${random.uuid()}`;
  const { stdout } = await shell.run(factsScript(marker), 90 * SECOND_MS);
  return parseFacts(stdout, marker);
}

/** A change takes longer than one inspection: each of them at most meets its beginning, or its end. */
const MOST_LOOKS = 5;

/**
 * Looks until nothing began or ended meanwhile, or a change is open: what was read before it was undone and after it would
 * pass for a state that the host never had.
 * @throws HOST_BUSY
 */
async function lookSteady({ random, signal }: LookPorts, shell: HostShell): Promise<HostFacts> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const facts = await look(random, shell);
    signal.throwIfAborted();
    if (facts.isSteady || openTransaction(facts)) return facts;
  }
  throw new TetherdockError("HOST_BUSY", "the host changes again and again", {
    why: [`a change began or ended during each of ${MOST_LOOKS} inspections`],
    hints: ["run this again in a few minutes"],
  });
}

/** Also one that is confirmed and still disarms its undo: it would disarm the next one's. */
function openTransaction(facts: HostFacts) {
  return facts.transactions.find(({ state, ownerAlive }) => state !== "confirmed" || ownerAlive);
}

/**
 * Looks, and if a change is open there lets it end first: one whose shell is gone can never be confirmed and is undone
 * at once; one that is alive is waited for.
 * @throws HOST_BUSY when it does not end; HOST_UNDO_FAILED
 */
export async function lookSettled(ports: LookPorts, shell: HostShell): Promise<HostFacts> {
  const facts = await lookSteady(ports, shell);
  const open = openTransaction(facts);
  if (!open) return facts;
  const id = open.ownerAlive ? "waits" : "puts-back";
  ports.report({ kind: "notice", id, by: open.about?.by ?? null });
  const { status, stdout, stderr } = await shell.run(settleScript(open.number), WAIT_MS);
  const again = await lookSteady(ports, shell);
  if (status === 0 && !openTransaction(again)) return again;
  throw cannotSettle(open.number, new Foreign(`${stdout}\n${stderr.raw}`));
}

/**
 * For a dry run, which neither waits for an open change nor undoes one.
 * @throws HOST_BUSY
 */
export async function lookAtRest(ports: LookPorts, shell: HostShell): Promise<HostFacts> {
  const facts = await lookSteady(ports, shell);
  const open = openTransaction(facts);
  if (!open) return facts;
  const by = open.about ? ` by ${quoteForeign(open.about.by)}` : "";
  throw new TetherdockError("HOST_BUSY", `a change${by} is open on the host`, {
    why: [
      open.ownerAlive
        ? "it is in progress"
        : "it was interrupted, and the host has not undone it yet; it does so when the time for its confirmation ends",
      "a dry run changes nothing, so it does not undo it",
    ],
    hints: ["run this again in a few minutes, or without --dry-run"],
  });
}

/** @param said the last words of the host's own undo script */
export function cannotSettle(number: number, said: Foreign): TetherdockError {
  return new TetherdockError("HOST_UNDO_FAILED", "cannot undo an earlier change on the host", {
    why: said.lastLines(4),
    hints: [`sh ${JOURNAL}/${String(number).padStart(4, "0")}/undo.sh now   # on the host, as root`],
  });
}
