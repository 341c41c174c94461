/** `agent start`: one agent in the background for the lines that have none. */
import { quoteForeign, shellJoin, TetherdockError } from "../../base/index.ts";
import type { AgentLifePorts, AgentState } from "./ports.ts";

export interface Started {
  /** The lines that it serves now; empty: all had an agent. */
  readonly started: readonly AgentState[];
  /** Of those that had an agent already. */
  readonly running: readonly AgentState[];
}

/** More is in the log. */
const SHOWN = 5;

type Asked = readonly (readonly [name: string, state: AgentState | undefined])[];

const ask = (ports: AgentLifePorts, names: readonly string[]): Promise<Asked> =>
  Promise.all(names.map(async (name) => [name, await ports.ask(name)] as const));

const without = (asked: Asked): string[] =>
  asked.filter(([, state]) => state === undefined).map(([name]) => name);

const statesOf = (asked: Asked): AgentState[] =>
  asked.flatMap(([, state]) => (state === undefined ? [] : [state]));

/** From an error as tetherdock prints it; its hints are about another command. */
function reasonsIn(said: string): string[] {
  const lines = said.split("\n").map((line) => line.trim());
  const reasons = lines.filter((line) => line !== "" && !/^(?:try|see): /.test(line));
  return reasons
    .slice(0, SHOWN)
    .map((line) => quoteForeign(line.replace(/^(?:tetherdock: error|why): /, "")));
}

function failed(names: readonly string[], said: string): TetherdockError {
  return new TetherdockError("AGENT_CONTROL_FAILED", "the agent has not started", {
    why: reasonsIn(said),
    hints: [`${shellJoin(["tetherdock", "agent", "run", ...names])}   # in the foreground`],
  });
}

/**
 * @param lines that shall have an agent; at least one
 * @param isAll whether these are all lines: then the agent also serves those that are set up later
 * @throws AGENT_CONTROL_FAILED, PROMPT_IMPOSSIBLE, FILE_FAILED
 */
export async function startAgent(
  ports: AgentLifePorts,
  lines: readonly string[],
  isAll: boolean,
): Promise<Started> {
  const before = await ask(ports, lines);
  const missing = without(before);
  const running = statesOf(before);
  if (missing.length === 0) return { started: [], running };
  const names = isAll && missing.length === lines.length ? [] : missing;
  const said = await ports.launch(names, missing);
  const after = await ask(ports, missing);
  // Another one may have been started at the same time.
  if (said !== null && without(after).length > 0) throw failed(names, said);
  return said === null
    ? { started: statesOf(after), running }
    : { started: [], running: [...running, ...statesOf(after)] };
}
