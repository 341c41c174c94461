/** What a command gets where no option is typed: for a command that runs another. */
import type { FlagsOf } from "./flags-of.ts";

interface Declared {
  readonly default?: unknown;
  readonly parse?: (text: string) => unknown;
}

function defaultOf({ default: value, parse }: Declared): unknown {
  return parse && typeof value === "string" ? parse(value) : value;
}

/** @param flags as they are declared; none of them is required */
export function defaultsOf<T extends Readonly<Record<string, Declared>>>(flags: T): FlagsOf<T> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, flag]) => [name, defaultOf(flag)]),
  ) as FlagsOf<T>;
}
