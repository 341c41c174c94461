/**
 * `tetherdock env` without the argument parser. It runs at every shell start, and loading and building
 * the whole command tree takes as long as the rest of Node's start (bench/env-startup.ts). Only spellings
 * that cannot mean anything else are read here; all others, wrong ones too, are left to the tree.
 */
import { isLineName, SHELLS } from "../../line/index.ts";
import type { EnvFlags } from "./flags.ts";

/** An `env` command line, understood. */
export interface QuickEnv {
  readonly flags: EnvFlags;
  readonly line: string | undefined;
}

/**
 * Reads `env [LINE] [--shell SHELL] [--agent] [--unset] [--if-any]`, each at most once, in any order.
 * @param args the whole command line
 * @returns undefined when the command tree has to read it
 */
export function readQuickEnv(args: readonly string[]): QuickEnv | undefined {
  if (args[0] !== "env") return undefined;
  let shell: EnvFlags["shell"];
  let agent = false;
  let unset = false;
  let ifAny = false;
  let line: string | undefined;
  for (let at = 1; at < args.length; at++) {
    const word = args[at] ?? "";
    const given = SHELLS.find((known) => word === "--shell" && known === args[at + 1]);
    if (given && shell === undefined) {
      shell = given;
      at++;
    } else if (word === "--agent" && !agent) agent = true;
    else if (word === "--unset" && !unset) unset = true;
    else if (word === "--if-any" && !ifAny) ifAny = true;
    else if (line === undefined && isLineName(word)) line = word;
    else return undefined;
  }
  return { flags: { shell, agent, unset, ifAny }, line };
}
