/** How a failure reaches the user: text on stderr, or JSON on stdout for `--json`. */
import { catalogue, TetherdockError } from "../../base/index.ts";
import { VERSION } from "../version.ts";
import type { Style } from "./style.ts";

/** A failure ready to be printed. */
export interface ErrorReport {
  readonly lines: readonly string[];
  /** For `--json`. */
  readonly json: unknown;
  readonly exitStatus: number;
}

function known(error: TetherdockError, style: Style): string[] {
  return [
    `${style.red("tetherdock: error:")} ${error.message}`,
    ...error.why.map((line) => `  why: ${line}`),
    ...error.attempts.map(({ what, why }) => `  tried: ${what}: ${why}`),
    ...error.hints.map((hint) => `  try: ${style.bold(hint)}`),
    style.dim(`  see: ${error.help}`),
  ];
}

/** What is not a TetherdockError was not foreseen: ours to mend, so the user gets what to report. */
function unforeseen(error: unknown, style: Style): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${style.red("tetherdock: error:")} a bug in tetherdock`,
    `  please report: tetherdock ${VERSION}, node ${process.version}, ${process.platform}-${process.arch}`,
    // Set apart: the message may be somebody else's words, and must not look like a line of ours.
    ...stack.split(/[\r\n]+/).map((line) => `  | ${line}`),
  ];
}

function unforeseenJson(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  return { error: { code: "INTERNAL", message: "a bug in tetherdock", why: [message], hints: [] } };
}

/**
 * Several complaints about one command line are one failure, with one next command.
 * @returns the first, which has the exit status, with what the others say
 */
export function asOne([first, ...others]: readonly unknown[]): unknown {
  const more = others.filter((one) => one instanceof TetherdockError);
  if (!(first instanceof TetherdockError) || more.length < others.length) return first;
  return first.with({
    why: more.flatMap(({ message, why }) => [message, ...why]),
    hints: [...new Set(more.flatMap(({ hints }) => hints))].filter((hint) => !first.hints.includes(hint)),
  });
}

/** Describes any thrown value. */
export function reportError(error: unknown, style: Style): ErrorReport {
  const ours = error instanceof TetherdockError;
  const lines = ours ? known(error, style) : unforeseen(error, style);
  return {
    lines,
    json: ours ? error : unforeseenJson(error),
    exitStatus: ours ? error.exitStatus : catalogue.INTERNAL.exit,
  };
}
