/**
 * Says what takes long: nothing is silent for more than two seconds. On a terminal one line that is written over every
 * second and then goes; elsewhere a line after two seconds, and every five.
 */
import type { Context } from "../context.ts";

/** What is being done. */
export interface Activity {
  /**
   * Something begins, and what was being done is over.
   * @param what in a few words; asked again each time, for what makes progress
   * @param isTold whether a line says so already
   */
  begin(what: () => string, isTold?: boolean): void;
  /** Nothing is being done: a question is asked, or all is over. */
  end(): void;
}

const TICK_MS = 1_000;
const FIRST_S = 2;
const EVERY_S = 5;

/** @param context whose stderr it is */
export function createActivity({ stderr, terminal }: Pick<Context, "stderr" | "terminal">): Activity {
  let timer: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearInterval(timer);
    timer = undefined;
    if (terminal.stderr) stderr.clearProgress();
  };
  return {
    end,
    begin(what, isTold = false) {
      end();
      let seconds = 0;
      timer = setInterval(() => {
        seconds += 1;
        const text = `  ${what()}, ${seconds} s`;
        if (terminal.stderr) {
          if (seconds >= FIRST_S) stderr.progress(text);
        } else if ((seconds === FIRST_S && !isTold) || seconds % EVERY_S === 0) stderr.line(text);
      }, TICK_MS);
      // The timer must not keep the process alive.
      timer.unref();
    },
  };
}

/** Reports work that takes long. */
export async function during<T>(
  context: Pick<Context, "stderr" | "terminal">,
  what: string,
  work: () => Promise<T>,
): Promise<T> {
  const activity = createActivity(context);
  activity.begin(() => what);
  try {
    return await work();
  } finally {
    activity.end();
  }
}
