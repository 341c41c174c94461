/** The head of an answer whose body is written anew. */
import type { ResponseHead } from "../../http/index.ts";

const DROPPED = /^(?:content-length|transfer-encoding|trailer)\s*:/i;

/**
 * @param bytes begin with the head
 * @param framing the new body's, one field
 */
export function rewriteHead(bytes: Buffer, head: ResponseHead, framing: string): Buffer {
  const lines = bytes.toString("latin1", 0, head.length - 4).split("\r\n");
  const kept = lines.filter((line, index) => index === 0 || !DROPPED.test(line));
  return Buffer.from(`${kept.join("\r\n")}\r\n${framing}\r\n\r\n`, "latin1");
}
