/** What dockerd's answer to one request may be, and what becomes of it on its way to the client. */
import type { OperationCall } from "../engine/index.ts";
import type { RequestHead } from "../http/index.ts";
import { blankSecrets } from "../policy/index.ts";
import type { AnswerTerms } from "./answer-reader.ts";
import type { Limits } from "./limits.ts";

export interface DockerTerms extends AnswerTerms {
  /** How the answer is changed; null: it passes as it comes. */
  readonly change: ((value: unknown) => unknown) | null;
  /** Octets of an answer that is changed. */
  readonly rewriteBytes: number;
}

/**
 * @param call null: an operation that is not known, which only an admin may call
 * @param blank whether the client must not see secrets
 */
export function termsOf(
  { method, upgrade }: RequestHead,
  call: OperationCall | null,
  blank: boolean,
  { headBytes, rewriteBytes }: Limits,
): DockerTerms {
  const mayHijack = call === null ? upgrade !== "" : call.operation.hijack;
  return {
    method,
    mayHijack,
    headBytes,
    rewriteBytes,
    change: blank && method !== "HEAD" ? blankSecrets : null,
  };
}
