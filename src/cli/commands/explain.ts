/** `tetherdock explain`: what a message means, proven at the endpoint it is about. */
import { TetherdockError } from "../../base/index.ts";
import type { ExcerptText } from "../../doctor/index.ts";
import { explain } from "../../doctor/index.ts";
import type { Context } from "../context.ts";
import { knockAt } from "../explain/knock-at.ts";
import { listenTo } from "../explain/listen-to.ts";
import { readText } from "../explain/read-text.ts";
import { type Answer, answerJson, answerLines, unknown } from "../explain/render-answer.ts";
import { createStyle } from "../output/style.ts";

/** Options of `explain`. */
export interface ExplainFlags {
  readonly file: string | undefined;
  readonly probe: boolean;
  readonly json: boolean;
}

interface Input extends ExcerptText {
  /** Texts in which to look for the endpoint as well. */
  readonly about: readonly string[];
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
  const text = words.length > 0 ? words.join(" ") : undefined;
  if (command.length > 0) {
    if (text !== undefined || flags.file !== undefined) throw ambiguous("a command, and a text or a file");
    const ran = await listenTo(context, command, flags.json);
    return { ...ran, about: [command.join(" "), `DOCKER_HOST=${context.env["DOCKER_HOST"] ?? ""}`] };
  }
  if (text !== undefined && flags.file !== undefined) throw ambiguous("a text and a file");
  return { ...(await readText(context, text, flags.file)), about: [] };
}

async function answer(context: Context, flags: ExplainFlags, input: Input): Promise<Answer> {
  const { explanations, endpoint } = explain(input.text, input.about);
  const proof = flags.probe && endpoint ? await knockAt(context, endpoint) : undefined;
  return { explanations, endpoint, proof, skipped: input.skipped };
}

/**
 * Makes the command.
 * @param commandWords how many of its arguments are a command to run
 */
export function explainCommand(commandWords: number) {
  return async function (this: Context, flags: ExplainFlags, ...args: string[]): Promise<void> {
    const words = args.slice(0, args.length - commandWords);
    const input = await readInput(this, flags, words, args.slice(words.length));
    // A command that succeeded has said nothing that needs explaining.
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
