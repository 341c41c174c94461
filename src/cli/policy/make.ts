/** `tetherdock policy import` and `observe`: role files that are made of something else. */
import { importRole, noteLine, observeClient } from "../../app/policy/index.ts";
import { createFile } from "../../system/files/atomic-file.ts";
import { readBeginning } from "../../system/files/read-excerpt.ts";
import { gatewayPorts } from "../api/ports.ts";
import type { Context } from "../context.ts";
import { sinceOrLastWeek } from "../flags/parse-since.ts";
import type { ImportFlags, ObserveFlags } from "./flags.ts";

/** As a role file may have, and a little more. */
const MAX_BYTES = 64 * 1024;

interface Made {
  readonly text: string;
  readonly source: unknown;
  readonly notes: readonly Parameters<typeof noteLine>[0][];
}

/** On stdout, or in a new file; what people must know is in the file's first lines, and on stderr where the file is not shown. */
async function writeRole(
  context: Context,
  { out, json }: { readonly out: string | undefined; readonly json: boolean },
  { text, source, notes }: Made,
  more: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (out !== undefined) {
    await createFile(out, text, 0o666);
    if (!json) context.stderr.lines(notes.map(noteLine));
  }
  if (json) context.stdout.json({ ...more, role: source, notes });
  else if (out === undefined) context.stdout.lines(text.trimEnd().split("\n"));
  else context.stdout.line(out);
}

export async function policyImport(this: Context, flags: ImportFlags, path: string): Promise<void> {
  const text = await readBeginning(path, MAX_BYTES);
  const { kind, ...made } = importRole(text, flags.from ?? null, flags.name);
  await writeRole(this, flags, made, { kind });
}

/** Exit status 1 if the role would have refused something that was permitted. */
export async function policyObserve(this: Context, flags: ObserveFlags, client: string): Promise<void> {
  const since = sinceOrLastWeek(flags.since, this.clock);
  const span = { line: flags.line, client, since, until: flags.until?.(this.clock) };
  const { replayed, ...made } = await observeClient(gatewayPorts(this), span, flags.name);
  if (replayed.refused.length > 0) this.setExitStatus(1);
  await writeRole(this, flags, made, { replayed });
}
