/** How far it is, on stderr: on a terminal in one line that is gone afterwards, elsewhere what takes long. */
import type { Context } from "../context.ts";
import { createActivity } from "../output/activity.ts";

/** A line that is written over. */
export interface ProgressLine {
  show(text: string): void;
  clear(): void;
}

/** @param context whose stderr it is */
export function createProgress({ stderr, terminal }: Pick<Context, "stderr" | "terminal">): ProgressLine {
  const activity = createActivity({ stderr, terminal });
  return {
    show: (text) => {
      activity.begin(() => text);
      if (terminal.stderr) stderr.progress(`  ${text}`);
    },
    clear: activity.end,
  };
}
