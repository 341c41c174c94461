/** Where a body ends (RFC 9112 §6). */
import type { Body } from "./body.ts";
import { ChunkedBody } from "./chunked.ts";
import type { RequestHead } from "./request-head.ts";
import type { ResponseHead } from "./response-head.ts";

/** A body of a known length. */
export class SizedBody implements Body {
  readonly problem = null;
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  take(bytes: Buffer, at: number): number {
    const taken = Math.min(this.#left, bytes.length - at);
    this.#left -= taken;
    return at + taken;
  }
}

/** Ends with the connection (RFC 9112 §6.3, item 8). */
class EndlessBody implements Body {
  readonly done = false;
  readonly problem = null;

  take(bytes: Buffer): number {
    return bytes.length;
  }
}

/** Nothing follows the head. */
export const NO_BODY: Body = { done: true, problem: null, take: (_bytes, at) => at };

/** @see RFC 9112 §6.3, items 4 to 7: a request without framing has no body */
export function requestBody(head: RequestHead): Body {
  if (head.chunked) return new ChunkedBody();
  return head.contentLength > 0 ? new SizedBody(head.contentLength) : NO_BODY;
}

/**
 * @param method the method of the request being answered
 * @see RFC 9112 §6.3
 */
export function responseBody(head: ResponseHead, method: string): Body {
  const { status } = head;
  if (method === "HEAD" || status < 200 || status === 204 || status === 304) return NO_BODY;
  if (head.chunked) return new ChunkedBody();
  if (head.contentLength >= 0) return head.contentLength > 0 ? new SizedBody(head.contentLength) : NO_BODY;
  return new EndlessBody();
}

/** Whether the body ends only with the connection. */
export function isEndless(body: Body): boolean {
  return body instanceof EndlessBody;
}
