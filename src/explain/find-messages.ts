/** Finds known messages in a text. */

import type { Groups, Message } from "./entry.ts";
import { cleanText, unwrapColumns, unwrapWords } from "./text/clean-text.ts";

/** One message as it stands in the text. */
export interface Finding {
  readonly message: Message;
  /** The line around it, at most 300 characters. */
  readonly quote: string;
  readonly groups: Groups;
}

interface Span {
  readonly message: Message;
  readonly start: number;
  readonly end: number;
  readonly groups: Groups;
}

/** A text as joined in one way, and what is found in it. */
interface Reading {
  readonly text: string;
  readonly spans: readonly Span[];
}

const QUOTE = 300;
/** A log repeats itself, and more different problems than this at once do not help. */
const MAX_FINDINGS = 8;

function spanOf(text: string, message: Message): Span | undefined {
  for (const pattern of message.patterns) {
    const match = pattern.exec(text);
    if (!match) continue;
    const groups = Object.fromEntries(
      Object.entries(match.groups ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined),
    );
    return { message, start: match.index, end: match.index + match[0].length, groups };
  }
  return undefined;
}

const length = ({ start, end }: Span): number => end - start;

/** The longer of two overlapping matches knows more: `curl: (35) … wrong version number` over its last words. */
function withoutOverlaps(spans: readonly Span[]): Span[] {
  const kept: Span[] = [];
  for (const span of spans.toSorted((one, other) => length(other) - length(one) || one.start - other.start)) {
    const covered = kept.some((other) => span.start < other.end && other.start < span.end);
    if (!covered && !kept.some(({ message }) => message.topic === span.message.topic)) kept.push(span);
  }
  return kept.toSorted((one, other) => one.start - other.start);
}

/** A general message is used only if there is no specific one, and then once. */
function mostTelling(spans: readonly Span[]): Span[] {
  const specific = spans.filter(({ message }) => !message.topic.general);
  if (specific.length > 0) return specific;
  return spans.toSorted((one, other) => length(other) - length(one)).slice(0, 1);
}

function quoteAround(text: string, { start, end }: Span): string {
  const from = Math.max(text.lastIndexOf("\n", start) + 1, start - QUOTE / 2);
  const lineEnd = text.indexOf("\n", end);
  const to = Math.min(lineEnd < 0 ? text.length : lineEnd, from + QUOTE);
  return text.slice(from, to).trim();
}

function findIn(text: string, messages: readonly Message[]): Reading {
  const spans = messages.map((message) => spanOf(text, message)).filter((span) => span !== undefined);
  return { text, spans: withoutOverlaps(mostTelling(spans)) };
}

/** More than any match is long: one specific message outweighs all that is general. */
const SPECIFIC = 1_000_000;

/** How much of a text was understood; white space, which joining adds and takes away, is not counted. */
function understood({ text, spans }: Reading): number {
  const weights = spans.map(({ message, start, end }) => {
    const said = text.slice(start, end).replace(/\s/g, "").length;
    return message.topic.general ? said : said * SPECIFIC;
  });
  return weights.reduce((sum, weight) => sum + weight, 0);
}

/**
 * Finds the messages a text holds, in their order: line by line, and with the lines joined as mail programs and
 * terminals wrap them; the reading that understands most counts.
 * @param text as pasted, of bounded length
 * @param messages all that are known
 * @returns at most 8, one a topic
 */
export function findMessages(text: string, messages: readonly Message[]): Finding[] {
  const clean = cleanText(text);
  const texts = new Set([clean, unwrapColumns(clean), unwrapWords(clean)]);
  const readings = [...texts].map((one) => findIn(one, messages));
  const best = readings.reduce((one, other) => (understood(other) > understood(one) ? other : one));
  return best.spans.slice(0, MAX_FINDINGS).map((span) => ({
    message: span.message,
    groups: span.groups,
    quote: quoteAround(best.text, span),
  }));
}
