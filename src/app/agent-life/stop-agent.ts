/** `agent stop`: ends the agents that serve lines. Their clients' connections end with them. */
import { TetherdockError } from "../../base/index.ts";
import type { AgentLifePorts, AgentState } from "./ports.ts";

/** An agent of an earlier version does not know the request. */
function goesOn({ pid, line }: AgentState): TetherdockError {
  return new TetherdockError("AGENT_CONTROL_FAILED", `the agent of ${line} has not ended`, {
    why: [`process ${pid} does not end when it is asked to`],
    hints: [`kill ${pid}`],
  });
}

/**
 * One after the other: an agent that serves several lines ends once.
 * @returns the agents that have ended, as the first of their lines had them
 * @throws AGENT_CONTROL_FAILED
 */
export async function stopAgents(
  ports: AgentLifePorts,
  lines: readonly string[],
): Promise<readonly AgentState[]> {
  const ended: AgentState[] = [];
  for (const line of lines) {
    if (await ports.isAsleep(line)) continue;
    const state = await ports.ask(line);
    if (state === undefined) continue;
    if ((await ports.stop(line)) === undefined) throw goesOn(state);
    ended.push(state);
  }
  return ended;
}
