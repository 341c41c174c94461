/** A gateway in the test's own process: the real one, with its sockets and files; only signals come from the test. */
import { serveGateway } from "../../../src/system/gateway-process/serve.ts";

/** A gateway that runs, wherever. */
export interface Running {
  /** Lines it has told the journal. */
  readonly lines: readonly string[];
  hangUp(): void;
  /** Told to end. @returns when it has */
  stop(): Promise<void>;
  /** Resolves when it has ended, however. */
  readonly over: Promise<void>;
}

/** @param file gateway.json @returns when it is ready; rejects when it does not start */
export async function runHere(file: string, env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const lines: string[] = [];
  const ending = new AbortController();
  const { promise: ready, resolve } = Promise.withResolvers<void>();
  let hangUp = () => {};
  const over = serveGateway({
    file,
    env,
    version: "test",
    signal: ending.signal,
    onHangup: (listener) => {
      hangUp = listener;
    },
    log: (line) => {
      lines.push(line);
      if (line.startsWith("ready:")) resolve();
    },
  });
  await Promise.race([ready, over]);
  return {
    lines,
    over,
    hangUp: () => hangUp(),
    stop: () => {
      ending.abort();
      return over;
    },
  };
}
