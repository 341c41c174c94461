/** What dockerd's answer to one request may be, and what becomes of it on its way to the client. */
import type { OperationCall } from "../../engine/index.ts";
import type { RequestHead } from "../../http/index.ts";
import type { Answer } from "../../policy/index.ts";
import type { Limits } from "../admission/limits.ts";
import type { AnswerTerms } from "./answer-reader.ts";

export interface DockerTerms extends AnswerTerms {
  /** What of the answer is passed on; null: all, as it comes. */
  readonly answer: Answer | null;
  /** Bytes of an answer that is changed, or of one line of it. */
  readonly rewriteBytes: number;
}

/**
 * @param call null: an operation that is not known, which only an admin may call
 * @param answer what of the answer the client sees; null: all of it
 */
export function termsOf(
  { method, upgrade }: RequestHead,
  call: OperationCall | null,
  answer: Answer | null,
  { headBytes, rewriteBytes }: Limits,
): DockerTerms {
  const mayHijack = call === null ? upgrade !== "" : call.operation.hijack;
  return {
    method,
    mayHijack,
    headBytes,
    rewriteBytes,
    answer: method === "HEAD" ? null : answer,
  };
}
