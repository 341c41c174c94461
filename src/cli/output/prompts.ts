/** Questions on the terminal. The library is loaded with the first question: most commands ask none. */
import { OneAtATime, TetherdockError, visible } from "../../base/index.ts";
import type { Prompts, Terminal } from "../context.ts";

type Clack = typeof import("@clack/prompts");

const SAY_YES = "run this in a terminal, or answer yes beforehand: --yes";
const ANOTHER_WAY = "run this in a terminal, or give the answer as an option (see --help)";

function impossible(question: string, hint: string): TetherdockError {
  return new TetherdockError("PROMPT_IMPOSSIBLE", `cannot ask without a terminal: ${question}`, {
    why: ["stdin or stderr is not a terminal"],
    hints: [hint],
  });
}

/** Ctrl-D, or a terminal that is gone. */
function unanswered(question: string, hint: string): TetherdockError {
  return new TetherdockError("PROMPT_IMPOSSIBLE", `there is no answer: ${question}`, {
    why: ["the input ended (Ctrl-D)"],
    hints: [hint],
  });
}

/** The library waits on when its input has ended, and then nothing keeps the program alive: stdin is no longer read. */
class InputEnd {
  readonly #over = new AbortController();
  readonly #onEnd = (): void => {
    // An answer pauses stdin too, and is there by then.
    this.#later = setImmediate(() => this.#over.abort());
  };
  #later: NodeJS.Immediate | undefined;

  constructor() {
    for (const name of ["pause", "end"]) process.stdin.on(name, this.#onEnd);
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  stop(): void {
    for (const name of ["pause", "end"]) process.stdin.off(name, this.#onEnd);
    clearImmediate(this.#later);
  }
}

/** One question. @returns the answer; a symbol, after Ctrl-C or a signal */
async function askOnce<T>(
  signal: AbortSignal,
  run: (clack: Clack, signal: AbortSignal) => Promise<T | symbol>,
): Promise<{ answer: T | symbol; isEnded: boolean }> {
  const clack = await import("@clack/prompts");
  const end = new InputEnd();
  try {
    const answer = await run(clack, AbortSignal.any([signal, end.signal]));
    return { answer, isEnded: end.signal.aborted };
  } finally {
    end.stop();
  }
}

/**
 * Prompts on stdin and stderr.
 * @param terminal both streams must be one, or every question throws PROMPT_IMPOSSIBLE
 * @param signal asked for with the first question; aborted by SIGTERM and the like, which end the question
 */
export function createPrompts(terminal: Terminal, signal: () => AbortSignal): Prompts {
  // Two at once would take each other's keys.
  const turns = new OneAtATime();
  const ask = async <T>(
    question: string,
    hint: string,
    run: (clack: Clack, signal: AbortSignal) => Promise<T | symbol>,
  ): Promise<T> => {
    if (!terminal.stdin || !terminal.stderr) throw impossible(question, hint);
    const { answer, isEnded } = await turns.run(() => askOnce(signal(), run));
    if (typeof answer === "symbol" && isEnded) throw unanswered(question, hint);
    // The library answers Ctrl-C and an abort, and nothing else, with a symbol.
    if (typeof answer === "symbol") throw new TetherdockError("INTERRUPTED", "interrupted");
    return answer;
  };
  // stdout is data: what is asked must not end in a file.
  const output = process.stderr;
  return {
    confirm: (question, hint = SAY_YES) =>
      ask<boolean>(question, hint, (clack, over) =>
        clack.confirm({ message: visible(question), initialValue: false, output, signal: over }),
      ),
    secret: (question, hint = ANOTHER_WAY) =>
      ask<string>(question, hint, (clack, over) =>
        clack.password({ message: visible(question), output, signal: over }),
      ),
  };
}
