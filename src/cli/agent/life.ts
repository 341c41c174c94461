/** `tetherdock agent start` and `stop`. */
import { type AgentLifePorts, type AgentState, startAgent, stopAgents } from "../../app/agent-life/index.ts";
import { isActivated, isAsleep } from "../../app/agent-units/index.ts";
import { pickLine } from "../../app/lines/index.ts";
import { chooseLine } from "../../line/index.ts";
import { askAgent, stopAgent } from "../../system/agent-process/ask-agent.ts";
import { launchAgent } from "../../system/agent-process/launch-agent.ts";
import type { Context } from "../context.ts";
import { askKeyPassphrase, KEY_PASSPHRASE } from "../lines/key-passphrase.ts";
import { timerPorts } from "../renew/timer-ports.ts";
import { logPath, unitPorts } from "./unit-ports.ts";

/** It has no terminal, so that it cannot ask. undefined: no key is encrypted. */
async function passphraseFor(context: Context, names: readonly string[]): Promise<string | undefined> {
  for (const name of names)
    if (await context.lines.isKeyEncrypted(name)) return askKeyPassphrase(context, name);
  return undefined;
}

function lifePorts(context: Context): AgentLifePorts {
  const path = (line: string) => context.lines.agentSocketPath(line);
  const ask = (line: string) => askAgent(path(line));
  return {
    isAsleep: (line) => isAsleep(unitPorts(context), path(line)),
    ask,
    stop: (line) => stopAgent(path(line)),
    launch: async (names, lines) => {
      const { program, variables } = timerPorts(context).command;
      const { [KEY_PASSPHRASE]: _, ...env } = context.env;
      return launchAgent({
        command: [...program, "agent", "run", ...names],
        env: { ...env, ...variables },
        log: logPath(context),
        passphrase: await passphraseFor(context, lines),
        isReady: async () => (await Promise.all(lines.map(ask))).every((state) => state !== undefined),
        signal: context.signal,
      });
    },
  };
}

/** @returns the lines that are meant @throws LINE_UNKNOWN, LINE_NONE */
async function linesOf(context: Context, names: readonly string[]): Promise<readonly string[]> {
  if (names.length > 0) return Promise.all(names.map((name) => pickLine(context, name)));
  const all = await context.lines.list();
  if (all.length === 0)
    chooseLine({ argument: undefined, variable: undefined, preferred: undefined, names: all });
  return all;
}

/** By process. */
function told(states: readonly AgentState[], what: string): string[] {
  const lines = Map.groupBy(states, ({ pid }) => pid);
  return [...lines].map(([pid, of]) => `${of.map(({ line }) => line).join(", ")}: ${what} ${pid}`);
}

export async function agentStart(this: Context, _flags: unknown, ...names: string[]): Promise<void> {
  const lines = await linesOf(this, names);
  const { started, running } = await startAgent(lifePorts(this), lines, names.length === 0);
  this.stderr.lines(told(running, "has an agent already, process"));
  this.stderr.lines(told(started, "started an agent, process"));
  if (started.length > 0) this.stderr.line(`its log: ${logPath(this)}`);
}

export async function agentStop(this: Context, _flags: unknown, ...names: string[]): Promise<void> {
  const lines = await linesOf(this, names);
  const ended = await stopAgents(lifePorts(this), lines);
  this.stderr.lines(told(ended, "ended the agent, process"));
  if (ended.length === 0) this.stderr.line("no agent runs");
  const paths = lines.map((line) => this.lines.agentSocketPath(line));
  const activated = await Promise.all(paths.map((path) => isActivated(unitPorts(this), path)));
  if (activated.includes(true))
    this.stderr.line("systemd starts one with the next client, until: tetherdock agent uninstall");
}
