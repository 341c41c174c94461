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
    run: (clack: Clack) => Promise<T | symbol>,
  ): Promise<T> => {
    if (!terminal.stdin || !terminal.stderr) throw impossible(question, hint);
    const answer = await turns.run(async () => run(await import("@clack/prompts")));
    // The library answers Ctrl-C and an abort, and nothing else, with a symbol.
    if (typeof answer === "symbol") throw new TetherdockError("INTERRUPTED", "interrupted");
    return answer;
  };
  // stdout is data: what is asked must not end in a file.
  const output = process.stderr;
  return {
    confirm: (question, hint = SAY_YES) =>
      ask<boolean>(question, hint, (clack) =>
        clack.confirm({ message: visible(question), initialValue: false, output, signal: signal() }),
      ),
    secret: (question, hint = ANOTHER_WAY) =>
      ask<string>(question, hint, (clack) =>
        clack.password({ message: visible(question), output, signal: signal() }),
      ),
  };
}
