/** Answers of which a viewer sees a part: read as JSON, whole or line by line, and written anew. */
import type { ResponseHead } from "../../http/index.ts";
import type { Answer } from "../../policy/index.ts";
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
}

/** Whether there is something to rewrite: errors stay as they are, and tell the caller of what it named. */
export function isRewritable({ status }: ResponseHead): boolean {
  return status >= 200 && status < 300 && status !== 204;
}

/** @param maxBytes of the answer, or of one line of it */
export function rewriterFor(head: ResponseHead, { mark, lines }: Answer, maxBytes: number): Rewriter {
  const rewrite = (text: string): string | null => rewriteJson(text, mark.show);
  return lines ? new LineRewriter(head, rewrite, maxBytes) : new WholeRewriter(head, rewrite, maxBytes);
}
