/** Rewrites answers that a viewer sees only in part: parses them as JSON, whole or line by line. */
import type { ResponseHead } from "../../http/index.ts";
import type { Answer } from "../../policy/index.ts";
import type { Gatherer } from "../stream/gatherer.ts";
import { rewriteJson } from "./rewrite-json.ts";
import { LineRewriter } from "./rewrite-lines.ts";
import { WholeRewriter } from "./rewrite-whole.ts";

/** Takes an answer as dockerd sends it, beginning with its head, and returns what is passed on instead. */
export interface Rewriter {
  /**
   * @param bytes the next piece, with the framing that the head describes; may be overwritten afterwards
   * @param done whether it is the last piece
   * @returns what to pass on now, or why nothing can be passed on
   */
  take(bytes: Buffer, done: boolean): Buffer | string;
  /** Bytes that wait for the rest of the answer or of the line. */
  readonly gatheredBytes: number;
  /** Abandons the answer; nothing is kept. */
  drop(): void;
}

/** Errors are not rewritten: they describe what the caller itself sent. */
export function isRewritable({ status }: ResponseHead): boolean {
  return status >= 200 && status < 300 && status !== 204;
}

/** @param gatherer for the answer, or for one line of it */
export function rewriterFor(head: ResponseHead, { mark, lines }: Answer, gatherer: Gatherer): Rewriter {
  const rewrite = (text: string): string | null => rewriteJson(text, mark.show, lines ? "" : "null");
  return lines ? new LineRewriter(head, rewrite, gatherer) : new WholeRewriter(head, rewrite, gatherer);
}
