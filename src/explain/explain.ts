/** Explains a text: finds messages, decodes them, fills in commands. No effects; the probes are made elsewhere. */
import { visible } from "../base/index.ts";
import { type Endpoint, formatEndpoint } from "../engine/index.ts";
import type { Danger } from "./entry.ts";
import { fillCommand, valuesOf } from "./fill.ts";
import { findMessages } from "./find-messages.ts";
import { messages } from "./messages.ts";
import { cleanText } from "./text/clean-text.ts";
import { findEndpoint } from "./text/find-endpoint.ts";

/** One message explained, all texts safe to print. */
export interface Explanation {
  /** The message's id, stable: `go-oversized-record-http`. */
  readonly id: string;
  /** What lies behind it; several messages share one. */
  readonly topic: string;
  /** The line in which it stood. */
  readonly quote: string;
  readonly says: string;
  readonly meaning: string;
  readonly decoded: readonly string[];
  readonly cause: string;
  readonly danger: Danger;
  readonly consequence: string;
  readonly fix: readonly string[];
  readonly reference: string;
  /** Where the message comes from. */
  readonly source: string;
}

/** What a text told. */
export interface Explained {
  /** In the order of the text; empty: nothing known is in it. */
  readonly explanations: readonly Explanation[];
  /** The Docker endpoint the text is about, if it names one that may be probed. */
  readonly endpoint: Endpoint | undefined;
  /** Whether the user named it by what is no pasted text: the command, DOCKER_HOST. */
  readonly isNamed: boolean;
}

function firstEndpoint(texts: readonly string[]): Endpoint | undefined {
  for (const text of texts) {
    const found = findEndpoint(text);
    if (found) return found;
  }
  return undefined;
}

/**
 * Explains what it knows in a text.
 * @param text as pasted; bounded by the caller, since time grows with its length
 * @param about other texts to look for the endpoint in where this one names none: the command, DOCKER_HOST
 * @param own texts that the user wrote: an endpoint that stands in one of them is named by the user
 * @returns what was found, and the endpoint it is about
 */
export function explain(
  text: string,
  about: readonly string[] = [],
  own: readonly string[] = about,
): Explained {
  const findings = findMessages(text, messages);
  const clean = cleanText(text);
  const foreign = findings.some(({ message }) => message.topic.foreign);
  const endpoint = foreign ? undefined : firstEndpoint([clean, ...about]);
  const explanations = findings.map(({ message, quote, groups }): Explanation => {
    const values = valuesOf(groups, endpoint);
    const { topic } = message;
    return {
      id: message.id,
      topic: topic.id,
      quote: visible(quote),
      says: message.says,
      meaning: message.meaning,
      decoded: (message.decode?.(groups) ?? []).map(visible),
      cause: topic.cause,
      danger: topic.danger,
      consequence: topic.consequence,
      fix: topic.fix.map((line) => fillCommand(line, values)),
      reference: topic.reference,
      source: message.source,
    };
  });
  const named = own.map(findEndpoint).filter((one) => one !== undefined);
  const isNamed = endpoint !== undefined && named.map(formatEndpoint).includes(formatEndpoint(endpoint));
  return { explanations, endpoint, isNamed };
}
