/** The ports of `agent install`, and of what asks whether it was run. */
import type { AgentUnitPorts } from "../../app/agent-units/index.ts";
import type { Context } from "../context.ts";
import { timerPorts } from "../renew/timer-ports.ts";

export function unitPorts(context: Context): AgentUnitPorts {
  const { command, folders, read, write, remove, run } = timerPorts(context);
  return { command, folder: folders.systemd, read, write, remove, run };
}
