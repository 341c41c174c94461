/** `upgrade`: runs `up` on the hosts of existing lines, with their mode and names. */
import { eachAtOnce, shellJoin, TetherdockError } from "../../base/index.ts";
import { notSetUpHere } from "../../line/index.ts";
import { pickLine, type SelectionPorts } from "../lines/index.ts";
import { requestOf, type UpPorts, type UpRequest, type UpResult, up } from "../up/index.ts";

/** @see src/cli/upgrade/flags.ts for what each means to the user */
export interface UpgradeRequest extends Pick<UpRequest, "confirmWithin" | "dryRun"> {
  /** As typed; if empty, the default line. */
  readonly names: readonly string[];
  readonly all: boolean;
  /** How many hosts at a time. */
  readonly atOnce: number;
}

/** The result for one line. */
export type Upgraded = { readonly name: string } & (
  | { readonly result: UpResult }
  | { readonly error: TetherdockError }
);

export interface UpgradePorts {
  /** For one line. */
  up(name: string): UpPorts;
  readonly lines: SelectionPorts["lines"];
  readonly env: SelectionPorts["env"];
  /** Before each line. @param at from 1 */
  begin(name: string, at: number, of: number): void;
  /** After each line. */
  done(upgraded: Upgraded): void;
}

/** @throws USAGE, LINE_UNKNOWN, LINE_NONE, LINE_AMBIGUOUS */
async function chosen({ lines, env }: UpgradePorts, { names, all }: UpgradeRequest): Promise<string[]> {
  if (all && names.length > 0)
    throw new TetherdockError("USAGE", "--all cannot be used with named lines", {
      hints: ["tetherdock upgrade --all", shellJoin(["tetherdock", "upgrade", ...names])],
    });
  const ports = { lines, env };
  const every = all ? await lines.list() : [];
  if (every.length > 0) return every;
  const words = names.length === 0 ? [undefined] : names;
  const picked: string[] = [];
  for (const word of words) picked.push(await pickLine(ports, word));
  return [...new Set(picked)];
}

function cannotUpgrade(name: string): TetherdockError {
  return notSetUpHere(
    `this machine cannot upgrade the host of the line "${name}"`,
    "can change its host",
    "ask whoever invited you to run tetherdock upgrade",
  );
}

async function upgradeOne(
  ports: UpgradePorts,
  { confirmWithin, dryRun }: UpgradeRequest,
  name: string,
): Promise<Upgraded> {
  try {
    const own = ports.up(name);
    const line = await own.lines.read(name);
    if (line.joined) throw cannotUpgrade(name);
    return { name, result: await up(own, { ...requestOf(line), confirmWithin, dryRun }) };
  } catch (error) {
    if (error instanceof TetherdockError) return { name, error };
    throw error;
  }
}

/**
 * Continues after a line that fails: `up` has left its host unchanged, or has reported its state. Ctrl-C and a "no" to a plan
 * end the command.
 * @returns the result of each line that was begun, in order
 * @throws USAGE, LINE_UNKNOWN, LINE_NONE, LINE_AMBIGUOUS, before any host is contacted
 */
export async function upgrade(ports: UpgradePorts, request: UpgradeRequest): Promise<Upgraded[]> {
  const names = await chosen(ports, request);
  let isOver = false;
  const results = await eachAtOnce(request.atOnce, [...names.entries()], async ([at, name]) => {
    if (isOver) return [];
    ports.begin(name, at + 1, names.length);
    const upgraded = await upgradeOne(ports, request, name);
    ports.done(upgraded);
    isOver ||= "error" in upgraded && upgraded.error.code === "INTERRUPTED";
    return [upgraded];
  });
  return results.flat();
}
