/** `tetherdock agent status`: who serves which line on this machine. */
import type { LineState } from "../../agent/index.ts";
import { pickLine } from "../../app/lines/index.ts";
import { TetherdockError } from "../../base/index.ts";
import { askAgent } from "../../system/agent-process/ask-agent.ts";
import type { Context } from "../context.ts";
import { renderTable, tableWidth } from "../output/render-table.ts";
import { warn } from "../output/warn.ts";
import type { StatusFlags } from "./flags.ts";

const HEAD = ["LINE", "AGENT", "CLIENTS", "READY"];

interface Answer {
  readonly name: string;
  /** Undefined: no agent serves it. */
  readonly state: LineState | undefined;
}

async function ask({ lines }: Context, name: string): Promise<Answer> {
  try {
    return { name, state: await askAgent(await lines.agentSocket(name)) };
  } catch (error) {
    if (error instanceof TetherdockError && error.code === "AGENT_NOT_RUNNING")
      return { name, state: undefined };
    throw error;
  }
}

function toRow({ name, state }: Answer): string[] {
  if (state === undefined) return [name, "none", "-", "-"];
  return [
    name,
    `pid ${state.pid}`,
    `${state.clients}`,
    state.problem === null ? `${state.spares}` : "failing",
  ];
}

/** Exit status 1 when a line has no agent, or its agent cannot connect. */
export async function agentStatus(this: Context, flags: StatusFlags, ...names: string[]): Promise<void> {
  const asked =
    names.length > 0 ? await Promise.all(names.map((name) => pickLine(this, name))) : await this.lines.list();
  const answers = await Promise.all(asked.map((name) => ask(this, name)));
  if (answers.some(({ state }) => state === undefined || state.problem !== null)) this.setExitStatus(1);
  if (flags.json) {
    this.stdout.json(answers.map(({ name, state }) => ({ name, agent: state ?? null })));
    return;
  }
  this.stdout.lines(renderTable(HEAD, answers.map(toRow), tableWidth(this.terminal)));
  for (const { state } of answers) warn(this, state?.problem ?? undefined);
  if (answers.some(({ state }) => state === undefined))
    this.stderr.line("to start one: tetherdock agent start, or tetherdock agent install");
}
