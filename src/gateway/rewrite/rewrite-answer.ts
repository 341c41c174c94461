/** Answers of which a viewer sees a part: read as JSON, whole or line by line, and written anew. */
import type { ResponseHead } from "../../http/index.ts";
import type { Answer } from "../../policy/index.ts";
import type { Gatherer } from "../stream/gatherer.ts";
import { rewriteJson } from "./rewrite-json.ts";
import { LineRewriter } from "./rewrite-lines.ts";
import { WholeRewriter } from "./rewrite-whole.ts";

/** Takes an answer as dockerd sends it, from its head on, and gives what is passed on instead. */
export interface Rewriter {
  /**
   * @param bytes the next of the answer, coded as the head says; may be overwritten afterwards
   * @param done they were the last
   * @returns what to pass on now, or why nothing can be
   */
  take(bytes: Buffer, done: boolean): Buffer | string;
  /** Bytes that wait for the rest of the answer, or of their line. */
  readonly gatheredBytes: number;
  /** The answer is not wanted any more. */
  drop(): void;
}

/** Whether there is something to rewrite: errors stay as they are, and tell the caller of what it named. */
export function isRewritable({ status }: ResponseHead): boolean {
  return status >= 200 && status < 300 && status !== 204;
}

/** @param gatherer for the answer, or for one line of it */
export function rewriterFor(head: ResponseHead, { mark, lines }: Answer, gatherer: Gatherer): Rewriter {
  const rewrite = (text: string): string | null => rewriteJson(text, mark.show);
  return lines ? new LineRewriter(head, rewrite, gatherer) : new WholeRewriter(head, rewrite, gatherer);
}
