/** An explanation for people, for programs, and as the error when there is none. */
import type { Answer } from "../../app/explain/index.ts";
import { TetherdockError, wrapText } from "../../base/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import type { Danger, Explanation, Proof } from "../../explain/index.ts";
import type { Style } from "../output/style.ts";

type Judged = Pick<Explanation, "danger" | "consequence">;

const DANGER: Record<Danger, string> = { open: "yes", check: "perhaps", closed: "no" };
const COLOUR: Record<Danger, "red" | "yellow" | "green"> = { open: "red", check: "yellow", closed: "green" };

/**
 * What was seen outweighs what the message alone suggests: it always makes things worse, but better only what was in
 * doubt, since a message may be about another port than the one that was asked.
 */
function judged({ danger, consequence }: Explanation, proof: Proof | undefined): Judged {
  const seen = proof?.danger;
  if (proof === undefined || seen === undefined || (seen === "closed" && danger !== "check"))
    return { danger, consequence };
  return { danger: seen, consequence: proof.conclusion };
}

function skippedNote(skipped: number): string {
  return `the text is long: ${skipped} bytes in the middle were skipped`;
}

/** Beside the labels; a terminal has at least this much to spare. */
const PROSE_COLUMNS = 88;
const prose = (text: string): string[] => wrapText(text, PROSE_COLUMNS);

function label(name: string, lines: readonly string[], style: Style): string[] {
  return lines.map((line, at) => `  ${style.bold((at === 0 ? name : "").padEnd(10))} ${line}`);
}

function dangerous({ danger, consequence }: Judged, style: Style): string[] {
  const word = DANGER[danger];
  const [first = "", ...rest] = prose(`${word}. ${consequence}`);
  return [`${style[COLOUR[danger]](word)}${first.slice(word.length)}`, ...rest];
}

function explanationLines(one: Explanation, proof: Proof | undefined, style: Style): string[] {
  return [
    style.bold(one.quote),
    ...label("says", [one.says], style),
    ...label("means", [one.meaning, ...one.decoded].flatMap(prose), style),
    ...label("cause", prose(one.cause), style),
    ...label("dangerous", dangerous(judged(one, proof), style), style),
    ...label("fix", one.fix, style),
    ...label("see", [one.reference], style),
    "",
  ];
}

/** What stands in a text may be anybody's address. */
const NOT_YOURS = "(it belongs to no line on this machine; use --probe)";

function proofLines({ endpoint, proof, wasRefused }: Answer, style: Style): string[] {
  if (!endpoint) return [];
  const where = formatEndpoint(endpoint);
  if (!proof) return [`${style.bold(where)} was not probed ${wasRefused ? "(--no-probe)" : NOT_YOURS}`];
  const told = label("seen", [...proof.says, proof.conclusion].flatMap(prose), style);
  return [style.bold(`${where}, asked just now`), ...told];
}

/** @returns the answer, one text a line */
export function answerLines(answer: Answer, style: Style): string[] {
  const explained = answer.explanations.flatMap((one) => explanationLines(one, answer.proof, style));
  const note = answer.skipped > 0 ? [style.dim(skippedNote(answer.skipped))] : [];
  const lines = [...explained, ...proofLines(answer, style), ...note];
  return lines.at(-1) === "" ? lines.slice(0, -1) : lines;
}

function proofJson({ endpoint, proof }: Answer): Record<string, unknown> {
  return {
    endpoint: endpoint ? formatEndpoint(endpoint) : null,
    proof: proof ? { seen: proof.says, conclusion: proof.conclusion, danger: proof.danger ?? null } : null,
  };
}

/** @returns one JSON object */
export function answerJson(answer: Answer): unknown {
  const explanations = answer.explanations.map((one) => ({ ...one, ...judged(one, answer.proof) }));
  const { skipped } = answer;
  return { explanations, ...proofJson(answer), skipped };
}

/** The error for an unknown message, with what the endpoint answered. */
export function unknown(answer: Answer): TetherdockError {
  const { endpoint, proof, skipped } = answer;
  const where = endpoint ? `${formatEndpoint(endpoint)}, asked just now, ` : "";
  return new TetherdockError("EXPLAIN_UNKNOWN", "this text contains no message that tetherdock knows", {
    why: [
      ...(proof ? [...proof.says.map((line) => `${where}${line}`), proof.conclusion] : []),
      ...(skipped > 0 ? [skippedNote(skipped)] : []),
    ],
    hints: [
      endpoint ? `tetherdock doctor ${formatEndpoint(endpoint)}` : "tetherdock doctor",
      "tetherdock status",
      "tetherdock explain -- docker version",
    ],
    details: proofJson(answer),
  });
}
