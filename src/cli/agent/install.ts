/** `tetherdock agent install` and `uninstall`. */
import {
  installAgent,
  installLaunchAgent,
  uninstallAgent,
  uninstallLaunchAgent,
} from "../../app/agent-units/index.ts";
import { listLineContexts } from "../../app/lines/index.ts";
import { shellJoin } from "../../base/index.ts";
import { agentSocket, chooseLine, tetherdockHome } from "../../line/index.ts";
import type { Context } from "../context.ts";
import { tellLeftOut } from "../lines/tell-left-out.ts";
import { warn } from "../output/warn.ts";
import { launchAgentPorts, unitPorts } from "./unit-ports.ts";

async function installOnMac(context: Context): Promise<void> {
  for (const path of await installLaunchAgent(launchAgentPorts(context)))
    context.stderr.line(`wrote ${path}`);
  context.stderr.line("launchd runs the agent from now on and from each login on, for all lines");
}

export async function agentInstall(this: Context): Promise<void> {
  const names = await this.lines.list();
  if (names.length === 0)
    chooseLine({ argument: undefined, variable: undefined, preferred: undefined, names });
  if (this.platform === "darwin") return installOnMac(this);
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
  const removed =
    this.platform === "darwin"
      ? await uninstallLaunchAgent(launchAgentPorts(this))
      : await uninstallAgent(unitPorts(this));
  for (const path of removed) this.stderr.line(`removed ${path}`);
  if (removed.length > 0) await warnOfContexts(this);
  if (removed.length === 0) this.stderr.line("nothing is installed");
}
