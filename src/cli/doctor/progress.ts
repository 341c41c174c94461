/** One line on stderr that tells how far it is, and is gone afterwards; nothing where stderr is no terminal. */
import { visible } from "../../base/index.ts";
import type { Context } from "../context.ts";

/** A line that is written over. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

const ERASE_LINE = "\r\u001b[2K";

/** A longer line would wrap, and what has wrapped is not erased. */
const MAX_LENGTH = 70;

/** @param context whose stderr it is */
export function createProgress({ stderr, terminal }: Pick<Context, "stderr" | "terminal">): ProgressLine {
  if (!terminal.stderr) return { show: () => {}, clear: () => {} };
  return {
    show: (text) => stderr.write(`${ERASE_LINE}${visible(text).slice(0, MAX_LENGTH)} …`),
    clear: () => stderr.write(ERASE_LINE),
  };
}
