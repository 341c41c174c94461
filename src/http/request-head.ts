/** Reads a request's head strictly: refuses anything but HTTP/1.1 in origin form as RFC 9112 defines it. */

import { CR, HEX, LF, PERCENT, SLASH, SP, TARGET, TOKEN } from "./byte-classes.ts";
import { FieldFacts, INCOMPLETE, REFUSED, scanFields } from "./fields.ts";
import { PROBLEMS, type Problem } from "./problem.ts";

const VERSION = Buffer.from("HTTP/1.1\r\n");
/** All methods that the Engine API uses, frequent ones first. Parsers disagree about others. */
const METHODS: readonly string[] = ["GET", "POST", "HEAD", "DELETE", "PUT", "OPTIONS"];

/** A request's head, or why it is refused; `length` is then REFUSED. */
export class RequestHead extends FieldFacts {
  method = "";
  /** In origin form, as it was sent. */
  target = "";
  /** Bytes of the head including the empty line; or INCOMPLETE, or REFUSED. */
  length = 0;

  /** Whether a body follows. */
  get hasBody(): boolean {
    return this.chunked || this.contentLength > 0;
  }
}

function refused(head: RequestHead, problem: Problem): RequestHead {
  head.problem = problem;
  head.length = REFUSED;
  return head;
}

function incomplete(head: RequestHead): RequestHead {
  head.length = INCOMPLETE;
  return head;
}

function isText(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index++)
    if (bytes[start + index] !== text.charCodeAt(index)) return false;
  return true;
}

/** @returns the table's own string, so that none is allocated; null: an unknown method */
function knownMethod(bytes: Buffer, start: number, end: number): string | null {
  for (const method of METHODS) if (isText(bytes, start, end, method)) return method;
  return null;
}

/** @returns the position after the target, or where there is a `%` without two digits or a `%00` */
function scanTarget(bytes: Buffer, start: number, end: number): number {
  for (let at = start; ; at += 3) {
    while (at < end && TARGET[bytes[at] as number] === 1) at++;
    if (at + 2 >= end || bytes[at] !== PERCENT) return at;
    const digits = (HEX[bytes[at + 1] as number] as number) | (HEX[bytes[at + 2] as number] as number);
    if (digits === 0 || digits > 15) return at;
  }
}

/**
 * Reads one request head.
 * @param bytes everything so far
 * @param start where the head begins
 * @returns a head: check `length` first
 * @see RFC 9112 §3, §5, §6
 */
export function readRequestHead(bytes: Buffer, start: number): RequestHead {
  const head = new RequestHead();
  const end = bytes.length;
  let at = start;
  while (at < end && TOKEN[bytes[at] as number] === 1) at++;
  if (at >= end) return incomplete(head);
  if (at === start || bytes[at] !== SP) return refused(head, PROBLEMS.requestLine);
  const method = knownMethod(bytes, start, at);
  head.method = method ?? bytes.toString("latin1", start, at);
  // `PRI` is how HTTP/2 begins (RFC 9113 §3.4)
  if (method === null) return refused(head, head.method === "PRI" ? PROBLEMS.version : PROBLEMS.method);
  const target = ++at;
  if (at < end && bytes[at] !== SLASH) return refused(head, PROBLEMS.target);
  at = scanTarget(bytes, at, end);
  if (at >= end || (bytes[at] === PERCENT && at + 2 >= end)) return incomplete(head);
  if (bytes[at] !== SP)
    return refused(head, bytes[at] === CR || bytes[at] === LF ? PROBLEMS.requestLine : PROBLEMS.target);
  head.target = bytes.toString("latin1", target, at++);
  for (let index = 0; index < VERSION.length; index++, at++) {
    if (at >= end) return incomplete(head);
    if (bytes[at] !== VERSION[index]) return refused(head, index < 8 ? PROBLEMS.version : PROBLEMS.ending);
  }
  const after = scanFields(bytes, at, end, head);
  if (after < 0) {
    head.length = after;
    return head;
  }
  if (head.hosts !== 1) return refused(head, PROBLEMS.host);
  head.length = after - start;
  return head;
}
