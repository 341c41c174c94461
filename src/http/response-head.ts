/** Reads the head of a response as strictly as a request's: it decides when the next request may be read. */

import { CR, digitAt, LF, SP, VALUE } from "./byte-classes.ts";
import { FieldFacts, INCOMPLETE, REFUSED, scanFields } from "./fields.ts";
import { PROBLEMS, type Problem } from "./problem.ts";

const VERSION = Buffer.from("HTTP/1.1 ");

/** A response's head, or why it is refused; `length` is then REFUSED. */
export class ResponseHead extends FieldFacts {
  status = 0;
  /** Bytes of the head including the empty line; or INCOMPLETE, or REFUSED. */
  length = 0;
  /** Bytes of the status line including CRLF: where the fields begin. */
  fieldsAt = 0;
}

function ended(
  head: ResponseHead,
  length: typeof INCOMPLETE | typeof REFUSED,
  problem: Problem | null = null,
) {
  head.problem = problem;
  head.length = length;
  return head;
}

/** @returns the position after the status line, INCOMPLETE or REFUSED */
function scanStatusLine(bytes: Buffer, start: number, end: number, head: ResponseHead): number {
  let at = start;
  for (let index = 0; index < VERSION.length; index++, at++) {
    if (at >= end) return INCOMPLETE;
    if (bytes[at] !== VERSION[index]) return REFUSED;
  }
  if (at + 3 >= end) return INCOMPLETE;
  for (let digits = 0; digits < 3; digits++, at++) {
    const digit = digitAt(bytes, at);
    if (digit < 0) return REFUSED;
    head.status = head.status * 10 + digit;
  }
  if (bytes[at] !== SP && bytes[at] !== CR) return REFUSED;
  while (at < end && VALUE[bytes[at] as number] === 1) at++;
  if (at + 1 >= end) return INCOMPLETE;
  return bytes[at] === CR && bytes[at + 1] === LF && head.status >= 100 && head.status < 600
    ? at + 2
    : REFUSED;
}

/**
 * Reads one response head.
 * @param bytes everything so far
 * @param start where the head begins
 * @returns a head: check `length` first
 * @see RFC 9112 §4, §6
 */
export function readResponseHead(bytes: Buffer, start: number): ResponseHead {
  const head = new ResponseHead();
  const fields = scanStatusLine(bytes, start, bytes.length, head);
  if (fields === INCOMPLETE) return ended(head, INCOMPLETE);
  if (fields === REFUSED) return ended(head, REFUSED, PROBLEMS.statusLine);
  const after = scanFields(bytes, fields, bytes.length, head);
  head.fieldsAt = fields - start;
  head.length = after < 0 ? after : after - start;
  return head;
}
