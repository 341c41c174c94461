/** What dockerd may answer to one request, and how the answer is rewritten on its way to the client. */
import type { OperationCall } from "../../engine/index.ts";
import type { RequestHead } from "../../http/index.ts";
import type { Answer } from "../../policy/index.ts";
import type { Limits } from "../admission/limits.ts";
import type { AnswerPlace } from "../answers/answer-place.ts";
import type { AnswerTerms } from "./answer-reader.ts";

/** What counts while dockerd works for a client, or keeps something for it. */
export interface Counts {
  /** Called when it is sent. @returns to be called once dockerd has answered; null: nobody counts it */
  readonly begins: (() => () => void) | null;
  /** What the answer may take of dockerd's memory; null: nobody counts it. */
  readonly place: AnswerPlace | null;
  /** Called if dockerd ends an upgraded connection whose client is still there: it keeps nothing of it then; null: nobody counts it. */
  readonly gone: (() => void) | null;
}

export interface DockerTerms extends AnswerTerms, Counts {
  /** Which parts of the answer are passed on; null: all, unchanged. */
  readonly answer: Answer | null;
  /** Most bytes of an answer that is rewritten, or of one line of it. */
  readonly rewriteBytes: number;
  /** dockerd writes it to all its readers in turn: one that it has to wait for delays everybody. */
  readonly isShared: boolean;
}

/** dockerd waits up to 100 ms for each event and each sample whose reader is slow. @see moby, pkg/pubsub */
const SHARED: ReadonlySet<string> = new Set(["SystemEvents", "ContainerStats"]);

/**
 * @param call null: an unknown operation, which only an admin may call
 * @param answer which parts of the answer the client sees; null: all
 */
export function termsOf(
  { method, upgrade }: RequestHead,
  call: OperationCall | null,
  answer: Answer | null,
  { headBytes, rewriteBytes }: Limits,
  counts: Counts,
): DockerTerms {
  const mayHijack = call === null ? upgrade !== "" : call.operation.hijack;
  return {
    method,
    mayHijack,
    headBytes,
    rewriteBytes,
    answer: method === "HEAD" ? null : answer,
    isShared: call !== null && SHARED.has(call.operation.name),
    ...counts,
  };
}
