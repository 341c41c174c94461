/**
 * Transcripts: what is typed, and what must come of it.
 *
 *     # a comment, up to the end of the line
 *     line NAME {"field": …}    sets up a line, with fields over the sample's
 *     gateway                   starts a real gateway with anna@laptop as its admin, and sets up the line "guarded" to it
 *     env NAME=VALUE            for every command below; `env NAME` removes it
 *     file PATH TEXT            writes a file; \n in the text is a line break
 *     $ COMMAND                 runs it in sh, in the working folder
 *     1| TEXT                   a line of stdout, exactly
 *     2| TEXT                   a line of stderr
 *     1~ REGEX, 2~ REGEX        a line that matches
 *     ? N                       the exit status; not given, it must be 0
 *
 * `$WORK` in an expectation is the working folder, which is also the parent of $HOME.
 */

/** A line of output that must come. */
export interface Expected {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
  readonly isPattern: boolean;
}

/** One line of a transcript, with the expectations that follow it. */
export interface Step {
  readonly lineNumber: number;
  readonly verb: "line" | "gateway" | "env" | "file" | "run";
  readonly rest: string;
  readonly expected: Expected[];
  status: number;
}

/** @throws when a line is none of the forms above: a typo must not make a test pass */
export function parseTranscript(text: string): Step[] {
  const steps: Step[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const lineNumber = index + 1;
    const last = steps.at(-1);
    const expected = /^([12])([|~]) ?(.*)$/.exec(line);
    const status = /^\? (\d+)$/.exec(line);
    const command = /^(line|gateway|env|file|\$)(?: (.*))?$/.exec(line);
    if (expected && last?.verb === "run") {
      const stream = expected[1] === "1" ? "stdout" : "stderr";
      last.expected.push({ stream, text: expected[3] ?? "", isPattern: expected[2] === "~" });
    } else if (status && last?.verb === "run") last.status = Number(status[1]);
    else if (command) {
      const verb = command[1] === "$" ? "run" : (command[1] as Step["verb"]);
      steps.push({ lineNumber, verb, rest: command[2] ?? "", expected: [], status: 0 });
    } else throw new Error(`line ${lineNumber} of the transcript is not understood: ${line}`);
  }
  return steps;
}

/**
 * Compares a stream with what a step expects of it; every line must be expected.
 * @returns what differs; undefined when nothing does
 */
export function difference(
  step: Step,
  stream: Expected["stream"],
  output: string,
  work: string,
): string | undefined {
  const lines = output === "" ? [] : output.replace(/\n$/, "").split("\n");
  const expected = step.expected.filter((each) => each.stream === stream);
  const wrong = expected.some(({ text, isPattern }, index) => {
    const wanted = text.replaceAll("$WORK", work);
    const line = lines[index] ?? "\u0000";
    return isPattern ? !new RegExp(`^(?:${wanted})$`).test(line) : line !== wanted;
  });
  if (!wrong && lines.length === expected.length) return undefined;
  const shown = expected.map(({ text, isPattern }) => `${isPattern ? "~" : "|"} ${text}`);
  return `${stream} of \`${step.rest}\` (line ${step.lineNumber}) was\n${lines.join("\n")}\nand not\n${shown.join("\n")}`;
}
