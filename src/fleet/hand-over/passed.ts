/** An operator's question that the fleet process passes to its gateway, and the answer: one line of JSON each, as all between them. */
import { json, MINUTE_MS } from "../../base/index.ts";
import { MOST_ANSWER, MOST_QUESTION } from "../questions/index.ts";

const ESCAPED = 2;

/** How long a gateway may take for an answer: it may have to read and hash a gigabyte of its audit log. */
export const PASSED_MS = 6 * MINUTE_MS;

const readPassed = json.object<{ readonly version: number; readonly question: string }>({
  version: { read: json.only(1) },
  question: { read: json.words(MOST_QUESTION) },
});
const readBack = json.object<{ readonly version: number; readonly answer: string }>({
  version: { read: json.only(1) },
  answer: { read: json.words(MOST_ANSWER) },
});

export function formatPassedQuestion(question: string): string {
  return `${JSON.stringify({ version: 1, question })}\n`;
}

/** @returns null: it is none */
export function readPassedQuestion(line: string): string | null {
  const read = json.read(line, readPassed, { maxLength: ESCAPED * MOST_QUESTION });
  return "value" in read ? read.value.question : null;
}

export function formatPassedAnswer(answer: string): string {
  return `${JSON.stringify({ version: 1, answer })}\n`;
}

/** @returns null: it is none, as from an older gateway */
export function readPassedAnswer(line: string): string | null {
  const read = json.read(line, readBack, { maxLength: ESCAPED * MOST_ANSWER });
  return "value" in read ? read.value.answer : null;
}
