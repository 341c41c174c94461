/** `tetherdock explain`: explains a message, and probes the endpoint that it is about. */
import { type Answer, explain } from "../../app/explain/index.ts";
import { TetherdockError } from "../../base/index.ts";
import type { ExcerptText } from "../../explain/index.ts";
import type { Context } from "../context.ts";
import { createActivity } from "../output/activity.ts";
import { createStyle } from "../output/style.ts";
import { listenTo } from "./listen-to.ts";
import { explainPorts } from "./ports.ts";
import { readText } from "./read-text.ts";
import { answerJson, answerLines, unknown } from "./render-answer.ts";

/** Options of `explain`. */
export interface ExplainFlags {
  readonly file: string | undefined;
  /** Undefined: only what is the user's own, and whatever the user says yes to. */
  readonly probe: boolean | undefined;
  readonly json: boolean;
}

interface Input extends ExcerptText {
  /** Texts in which to look for the endpoint as well. */
  readonly about: readonly string[];
  /** What the user wrote, not pasted: an address in it may be probed. */
  readonly own: readonly string[];
  /** The status of the command that was run. */
  readonly status?: number;
}

function ambiguous(why: string): TetherdockError {
  return new TetherdockError("USAGE", "there is more than one text to explain", {
    why: [why],
    hints: ["tetherdock explain --help"],
  });
}

async function readInput(
  context: Context,
  flags: ExplainFlags,
  words: string[],
  command: string[],
): Promise<Input> {
  const isStdin = words.length === 1 && words[0] === "-";
  const text = words.length > 0 && !isStdin ? words.join(" ") : undefined;
  const own = [`DOCKER_HOST=${context.env["DOCKER_HOST"] ?? ""}`];
  if (command.length > 0) {
    if (text !== undefined || flags.file !== undefined) throw ambiguous("a command, and a text or a file");
    const ran = await listenTo(context, command, flags.json);
    const about = [command.join(" "), ...own];
    return { ...ran, about, own: about };
  }
  if (text !== undefined && flags.file !== undefined) throw ambiguous("a text and a file");
  if (isStdin && flags.file !== undefined) throw ambiguous("stdin and a file");
  return { ...(await readText(context, text, flags.file, isStdin)), about: [], own };
}

async function answer(context: Context, { json, probe }: ExplainFlags, input: Input): Promise<Answer> {
  const activity = createActivity(context);
  try {
    return await explain(explainPorts(context, json, activity), { ...input, probe });
  } finally {
    activity.end();
  }
}

/**
 * Makes the command.
 * @param commandWords how many of its arguments are a command to run
 */
export function explainCommand(commandWords: number) {
  return async function (this: Context, flags: ExplainFlags, ...args: string[]): Promise<void> {
    const words = args.slice(0, args.length - commandWords);
    const input = await readInput(this, flags, words, args.slice(words.length));
    // The output of a command that succeeded is not explained.
    if (input.status === 0) return;
    const found = await answer(this, flags, input);
    if (found.explanations.length === 0) throw unknown(found);
    const { colour } = this.terminal;
    if (flags.json) this.stdout.json(answerJson(found));
    // With a command, stdout is the command's.
    else if (input.status === undefined) this.stdout.lines(answerLines(found, createStyle(colour.stdout)));
    else this.stderr.lines(["", ...answerLines(found, createStyle(colour.stderr))]);
    if (input.status !== undefined) this.setExitStatus(input.status);
  };
}
