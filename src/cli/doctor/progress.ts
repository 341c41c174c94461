/** One line on stderr that tells how far it is, and is gone afterwards; nothing where stderr is no terminal. */
import type { Context } from "../context.ts";

/** A line that is written over. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

/** @param context whose stderr it is */
export function createProgress({ stderr, terminal }: Pick<Context, "stderr" | "terminal">): ProgressLine {
  if (!terminal.stderr) return { show: () => {}, clear: () => {} };
  return {
    show: (text) => stderr.progress(text),
    clear: () => stderr.clearProgress(),
  };
}
