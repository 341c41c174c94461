/** `tetherdock agent install` and `uninstall`. */
import { installAgent, uninstallAgent } from "../../app/agent-units/index.ts";
import { listLineContexts } from "../../app/lines/index.ts";
import { shellJoin } from "../../base/index.ts";
import { agentSocket, chooseLine, tetherdockHome } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { tellLeftOut } from "../lines/tell-left-out.ts";
import { warn } from "../output/warn.ts";
import { unitPorts } from "./unit-ports.ts";

export async function agentInstall(this: Context): Promise<void> {
  const names = await this.lines.list();
  if (names.length === 0)
    chooseLine({ argument: undefined, variable: undefined, preferred: undefined, names });
  const home = tetherdockHome(this);
  for (const path of await installAgent(unitPorts(this), names, (name) => agentSocket(home, name)))
    this.stderr.line(`wrote ${path}`);
  this.stderr.line(`systemd starts the agent when a client of ${names.join(", ")} connects`);
  this.stderr.line("for lines that you set up later, run this again");
}

/** They stay: another agent may serve them. */
async function warnOfContexts(context: Context): Promise<void> {
  for (const { name, line, agent } of await listLineContexts(context, tellLeftOut(context)))
    if (agent && line !== undefined)
      warn(
        context,
        `the docker context ${name} needs an agent: ${shellJoin(["tetherdock", "agent", "start", line])}`,
      );
}

export async function agentUninstall(this: Context): Promise<void> {
  const removed = await uninstallAgent(unitPorts(this));
  for (const path of removed) this.stderr.line(`removed ${path}`);
  if (removed.length > 0) await warnOfContexts(this);
  if (removed.length === 0) this.stderr.line("nothing is installed");
}
