/** The ports of `agent install`, and of what asks whether it was run. */
import { join } from "node:path";
import type { AgentUnitPorts, LaunchAgentPorts } from "../../app/agent-units/index.ts";
import { AGENT_FOLDER, tetherdockHome } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { timerPorts } from "../renew/timer-ports.ts";

/** What an agent that has no terminal says. */
export const logPath = (context: Context): string => join(tetherdockHome(context), AGENT_FOLDER, "agent.log");

export function unitPorts(context: Context): AgentUnitPorts {
  const { command, folders, read, write, remove, run } = timerPorts(context);
  return { command, folder: folders.systemd, read, write, remove, run };
}

/** On macOS. */
export function launchAgentPorts(context: Context): LaunchAgentPorts {
  const { folders, domain, ...ports } = timerPorts(context);
  return { ...ports, folder: folders.launchd, domain, log: logPath(context) };
}
