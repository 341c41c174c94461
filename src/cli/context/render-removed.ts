/** Where docker commands go once a context is gone. */
import type { ContextRemoved, LostContext } from "../../app/lines/index.ts";
import { type Environment, evalCommand } from "../../line/index.ts";
import { ownShell } from "../lines/own-shell.ts";

/** @param when `now`, or `then` for what will be @returns one line each */
export function renderLost({ name, engine, override }: LostContext, when: "now" | "then"): string[] {
  const verb =
    when === "now"
      ? `"${name}" was the current docker context: docker commands now go`
      : `"${name}" is the current docker context: docker commands will then go`;
  const here = `${verb} to the engine on this machine (${engine})`;
  if (!override?.value) return [here];
  return [
    here,
    `in this shell $${override.variable} takes precedence: docker commands go to ${override.value}`,
  ];
}

/** @returns nothing where it was not the current one: the user has seen its name */
export function renderRemoved({ lost }: ContextRemoved, where: Environment): string[] {
  if (!lost) return [];
  const unset = lost.override?.value
    ? [`to select no engine: ${evalCommand(ownShell(where), "tetherdock env --unset")}`]
    : [];
  return [...renderLost(lost, "now"), ...unset];
}
