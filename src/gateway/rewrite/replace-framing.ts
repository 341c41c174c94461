/** Rewrites the head of a message whose body is sent with a different framing than it arrived with. */

/** Fields that describe the old framing, and `Expect`, which the gateway answered when it read the body. */
const DROPPED = /^(?:content-length|transfer-encoding|trailer|expect)\s*:/i;

/**
 * @param head with its empty line
 * @param framing one field
 */
export function replaceFraming(head: Buffer, framing: string): Buffer {
  const lines = head.toString("latin1", 0, head.length - 4).split("\r\n");
  const kept = lines.filter((line, index) => index === 0 || !DROPPED.test(line));
  return Buffer.from(`${kept.join("\r\n")}\r\n${framing}\r\n\r\n`, "latin1");
}
