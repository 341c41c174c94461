/** What a client's first bytes ask for. All but three requests are passed to the engine unread. */
import { INCOMPLETE, type RequestHead, readRequestHead } from "../http/index.ts";

/**
 * `more`: cannot be told yet. `ping`, `status` and `stop`: the first `length` bytes are a request that the agent answers.
 * `pass`: for the engine.
 */
export type Opening =
  | { readonly kind: "more" | "pass" }
  | { readonly kind: "ping" | "status" | "stop"; readonly length: number };

/** Where an agent says how it is. No engine has such a path. */
export const STATUS_TARGET = "/tetherdock-agent/v1/status";

/** Where an agent is told to end: it answers as for its status, and ends the connection last. */
export const STOP_TARGET = "/tetherdock-agent/v1/stop";

const PING = /^(?:\/v\d{1,2}\.\d{1,3})?\/_ping$/;
/** The heads of these requests are shorter, also with many fields. */
const MAX_HEAD_BYTES = 16 * 1024;
const STARTS = ["HEAD /", `GET ${STATUS_TARGET}`, `POST ${STOP_TARGET}`];

/** Whether the bytes are, or may become, the start of a request that the agent answers. */
function mayBeOurs(bytes: Buffer): boolean {
  return STARTS.some((start) => start.startsWith(bytes.toString("latin1", 0, start.length)));
}

function isPlain({ hasBody, close, upgrade, expectContinue }: RequestHead): boolean {
  return !hasBody && !close && upgrade === "" && !expectContinue;
}

/** @param bytes all that a client has sent, before any of it is passed on */
export function readOpening(bytes: Buffer): Opening {
  if (!mayBeOurs(bytes)) return { kind: "pass" };
  const head = readRequestHead(bytes, 0);
  const { length, method, target } = head;
  if (length === INCOMPLETE) return { kind: bytes.length < MAX_HEAD_BYTES ? "more" : "pass" };
  if (length < 0) return { kind: "pass" };
  if (method === "GET" && target === STATUS_TARGET && !head.hasBody) return { kind: "status", length };
  if (method === "POST" && target === STOP_TARGET && !head.hasBody) return { kind: "stop", length };
  return method === "HEAD" && PING.test(target) && isPlain(head)
    ? { kind: "ping", length }
    : { kind: "pass" };
}
