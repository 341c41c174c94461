/** `tetherdock agent run`: the agent itself, in the foreground. */
import { type LineStore, tetherdockHome } from "../../line/index.ts";
import { PASSPHRASE_ON_STDIN } from "../../system/agent-process/launch-agent.ts";
import { runAgent } from "../../system/agent-process/run-agent.ts";
import { createLineStore } from "../../system/files/line-store.ts";
import type { Context } from "../context.ts";
import { serviceSignals } from "../lines/service-signals.ts";
import { unlockingStore } from "../lines/unlocking-store.ts";
import { VERSION } from "../version.ts";

const MAX_PASSPHRASE_BYTES = 4_096;

/** What `agent start` has asked for, where no other process can read it. */
async function readPassphrase(): Promise<string> {
  let text = "";
  for await (const chunk of process.stdin.setEncoding("utf8") as AsyncIterable<string>) {
    text += chunk;
    if (text.length > MAX_PASSPHRASE_BYTES) break;
  }
  return text;
}

async function linesOf(context: Context, home: string): Promise<LineStore> {
  if (!context.env[PASSPHRASE_ON_STDIN]) return context.lines;
  const passphrase = await readPassphrase();
  return unlockingStore(createLineStore(home), async () => passphrase);
}

export async function agentRun(this: Context, _flags: unknown, ...names: string[]): Promise<void> {
  const home = tetherdockHome(this);
  const { ending, onHangup } = serviceSignals();
  await runAgent({
    home,
    lines: await linesOf(this, home),
    names,
    env: this.env,
    version: VERSION,
    signal: ending,
    onHangup,
    log: (line) => this.stderr.line(line),
  });
}
