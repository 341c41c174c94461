/** Signals of a process that systemd runs: SIGTERM and Ctrl-C end it, SIGHUP has it read its files again. */

export interface ServiceSignals {
  /** Aborted by the first SIGTERM or SIGINT; the second kills at once. */
  readonly ending: AbortSignal;
  readonly onHangup: (listener: () => void) => void;
}

export function serviceSignals(): ServiceSignals {
  const controller = new AbortController();
  const end = (): void => {
    process.off("SIGTERM", end);
    process.off("SIGINT", end);
    controller.abort();
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  return {
    ending: controller.signal,
    onHangup: (listener) => {
      process.on("SIGHUP", listener);
    },
  };
}
