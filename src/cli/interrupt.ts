/** Ctrl-C as an AbortSignal, so that a command can undo its changes before it ends. */
import { TetherdockError } from "../base/index.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The source of a command's abort signal. */
export interface Interrupt {
  /** Takes the signals over with the first call; always the same AbortSignal. */
  signal(): AbortSignal;
}

/** The first signal aborts. The handlers then go, so the second kills at once. */
export function createInterrupt(): Interrupt {
  let controller: AbortController | undefined;
  const listen = (aborter: AbortController): void => {
    const abort = (): void => {
      for (const name of SIGNALS) process.off(name, abort);
      aborter.abort(new TetherdockError("INTERRUPTED", "interrupted"));
    };
    for (const name of SIGNALS) process.on(name, abort);
  };
  return {
    signal() {
      if (!controller) {
        controller = new AbortController();
        listen(controller);
      }
      return controller.signal;
    },
  };
}
