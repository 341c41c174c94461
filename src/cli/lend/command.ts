/** `tetherdock lend`: a role for one command. */

import { resolve } from "node:path";
import { type LendPorts, lend as lendRole } from "../../app/lend/index.ts";
import { counted, formatDuration, shellJoin, TetherdockError } from "../../base/index.ts";
import { listEngine, removeFromEngine } from "../../system/api/engine-client.ts";
import { realFolder } from "../../system/identity/real-folder.ts";
import { temporaryFolder } from "../../system/identity/temporary-folder.ts";
import { runChild } from "../../system/ssh/run-child.ts";
import { gatewayPorts } from "../api/ports.ts";
import { renderRecord } from "../audit/render-record.ts";
import type { Context } from "../context.ts";
import { askPassphrase } from "../host/passphrase.ts";
import { random } from "../host/random.ts";
import { clientEnvironment } from "../lines/client-environment.ts";
import { reportError } from "../output/report-error.ts";
import { createStyle } from "../output/style.ts";
import type { LendFlags } from "./flags.ts";

/** stdout is the command's. */
function lendPorts(context: Context, flags: LendFlags, command: readonly string[]): LendPorts {
  const { stderr, terminal, cwd } = context;
  const style = createStyle(terminal.colour.stderr);
  const onTerminal = terminal.stdin || terminal.stdout || terminal.stderr;
  return {
    ...gatewayPorts(context),
    clock: context.clock,
    signal: context.signal,
    suffix: random.hex(5),
    passphrase: (line) => askPassphrase(context, line),
    folder: () => temporaryFolder("tetherdock-lend-"),
    realFolder: (path) => realFolder(resolve(cwd, path)),
    run: (variables) =>
      runChild(command, { env: clientEnvironment(context.env, variables), cwd, onTerminal }),
    engine: { list: listEngine, remove: removeFromEngine },
    record: (line) => {
      if (!flags.quiet) stderr.line(renderRecord(line, style));
    },
  };
}

export async function lend(
  this: Context,
  flags: LendFlags,
  role: string,
  ...command: string[]
): Promise<void> {
  if (command.length === 0)
    throw new TetherdockError("USAGE", "the command is missing, after --", {
      hints: [shellJoin(["tetherdock", "lend", role, "--for", formatDuration(flags.for), "--", "COMMAND"])],
    });
  const loan = { line: flags.line, role, forMs: flags.for, dir: flags.dir };
  const { client, status, removed, failure } = await lendRole(lendPorts(this, flags, command), loan);
  if (failure === null)
    this.stderr.line(
      `${client} is revoked and removed${removed === 0 ? "; it made nothing" : `, with ${counted(removed, "thing")} that it made`}`,
    );
  else this.stderr.lines(reportError(failure, createStyle(this.terminal.colour.stderr)).lines);
  this.setExitStatus(failure !== null && status === 0 ? failure.exitStatus : status);
}
