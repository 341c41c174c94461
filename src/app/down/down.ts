/** `down`: restores the host as it was before `up`, and forgets the line. */
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { planDown, requireJournal } from "../../host/index.ts";
import { type Line, wayTo } from "../../line/index.ts";
import { lookAtRest, lookSettled, meetHost, type OpenHost } from "../host/index.ts";
import { readableLines } from "../lines/index.ts";
import { chooseLine } from "./choose-line.ts";
import { type DownTarget, findTarget } from "./find-target.ts";
import { forgetLine, laptopPart } from "./forget-line.ts";
import type { DownPorts, DownPreview } from "./ports.ts";
import type { DownRequest } from "./request.ts";
import { refusalOf, undoHost } from "./undo-host.ts";

/** The result of a `down`. */
export interface DownResult extends DownPreview {
  /** Whether it was only planned: a dry run. */
  readonly dryRun: boolean;
  /** Whether only this machine's part was in question: the host keeps serving the line. */
  readonly hostStays: boolean;
  /** Of a dry run: why the same command without it would change nothing. */
  readonly refused: TetherdockError | null;
}

async function reach(ports: DownPorts, { line: named, target }: DownTarget): Promise<OpenHost> {
  try {
    return await ports.open(target);
  } catch (error) {
    const line = named ?? (await readableLines(ports)).find((one) => wayTo(one) === target);
    if (!line || !(error instanceof TetherdockError) || !error.code.startsWith("SSH_")) throw error;
    throw error.with({
      hints: [
        `${shellJoin(["tetherdock", "down", line.name, "--forget"])}   # only if the host no longer exists`,
      ],
    });
  }
}

/** Looks and decides; changes nothing. */
async function preview(ports: DownPorts, request: DownRequest, found: DownTarget, host: OpenHost) {
  const { target } = found;
  const facts = await (request.dryRun ? lookAtRest : lookSettled)(ports, host.shell);
  const seen = await meetHost(ports.random, host, target, facts, await readableLines(ports));
  const line = await chooseLine(ports, request, seen, found.line);
  requireJournal(facts, line?.name);
  const laptop = line && (await laptopPart(ports, line, false));
  return { line, shown: { target, plan: planDown(facts), laptop } };
}

async function carryOut(
  ports: DownPorts,
  request: DownRequest,
  { words }: DownTarget,
  { shell }: OpenHost,
  { line, shown }: { readonly line: Line | null; readonly shown: DownPreview },
): Promise<void> {
  const { plan } = shown;
  if (!plan) return ports.report({ kind: "notice", id: "nothing-to-undo" });
  ports.report({ kind: "plan", preview: shown });
  const refused = refusalOf(plan, request, words);
  if (refused) throw refused;
  if (!request.yes && !(await ports.questions.confirm({ kind: "undo" })))
    throw new TetherdockError("INTERRUPTED", "nothing was changed");
  ports.signal.throwIfAborted();
  await undoHost(shell, plan, words, line);
}

async function undo(ports: DownPorts, request: DownRequest, found: DownTarget): Promise<DownPreview> {
  const host = await reach(ports, found);
  try {
    const decided = await preview(ports, request, found, host);
    if (!request.dryRun) await carryOut(ports, request, found, host, decided);
    else if (!decided.shown.plan) ports.report({ kind: "notice", id: "nothing-to-undo" });
    return decided.shown;
  } finally {
    await host.shell.close();
  }
}

/** Asks first, because the line's CA key is lost for good. */
async function onlyLaptop(
  ports: DownPorts,
  { yes, dryRun }: DownRequest,
  { target, line }: DownTarget,
): Promise<DownPreview> {
  const shown = { target, plan: null, laptop: line && (await laptopPart(ports, line, !line.joined)) };
  if (!line || dryRun) return shown;
  ports.report({ kind: "plan", preview: shown });
  if (!yes && !(await ports.questions.confirm({ kind: "forget", line: line.name })))
    throw new TetherdockError("INTERRUPTED", "nothing was changed");
  ports.signal.throwIfAborted();
  return shown;
}

/**
 * @throws what stands in the way. What is kept then, is told: the host by its journal, the line by its name.
 */
export async function down(ports: DownPorts, request: DownRequest): Promise<DownResult> {
  const found = await findTarget(ports, request);
  // Only who set a host up takes it down; whoever joined can only leave.
  const forget = request.forget || found.line?.joined === true;
  const shown = forget ? await onlyLaptop(ports, request, found) : await undo(ports, request, found);
  const { plan, laptop } = shown;
  const host = forget ? null : plan ? "the host was restored" : "there was nothing to undo on the host";
  if (laptop && !request.dryRun) await forgetLine(ports, laptop, host);
  const refused = request.dryRun && plan ? refusalOf(plan, request, found.words) : null;
  return { ...shown, dryRun: request.dryRun, hostStays: forget, refused };
}
