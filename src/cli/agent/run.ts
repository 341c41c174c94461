/** `tetherdock agent run`: the agent itself, in the foreground. */
import { tetherdockHome } from "../../line/index.ts";
import { runAgent } from "../../system/agent-process/run-agent.ts";
import type { Context } from "../context.ts";
import { serviceSignals } from "../lines/service-signals.ts";
import { VERSION } from "../version.ts";

export async function agentRun(this: Context, _flags: unknown, ...names: string[]): Promise<void> {
  const { ending, onHangup } = serviceSignals();
  await runAgent({
    home: tetherdockHome(this),
    lines: this.lines,
    names,
    env: this.env,
    version: VERSION,
    signal: ending,
    onHangup,
    log: (line) => this.stderr.line(line),
  });
}
