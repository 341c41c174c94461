/** An answer read whole, changed and written anew: what a viewer may see of an inspect. */
import { dechunk, type ResponseHead } from "../http/index.ts";

const DROPPED = /^(?:content-length|transfer-encoding|trailer)\s*:/i;

/** Node has it, TypeScript's library not yet. @see TC39, JSON.parse source text access */
const { rawJSON } = JSON as unknown as { readonly rawJSON: (text: string) => unknown };

/** Numbers stay as they were written: Docker's int64 do not fit into a JavaScript number. */
function keepNumber(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  return typeof value === "number" && source !== undefined && String(value) !== source
    ? rawJSON(source)
    : value;
}

/** Whether there is something to rewrite: refusals and empty answers stay as they are. */
export function isRewritable(head: ResponseHead): boolean {
  return head.status === 200;
}

/**
 * @param bytes head and body, whole
 * @param change makes the new value from the parsed one
 * @returns head and body, or null when the body is not JSON: it must not be passed on unseen then
 */
export function rewriteAnswer(
  bytes: Buffer,
  head: ResponseHead,
  change: (value: unknown) => unknown,
): Buffer | null {
  const body = bytes.subarray(head.length);
  const plain = head.chunked ? dechunk(body) : body;
  let value: unknown;
  try {
    value = JSON.parse(plain.toString("utf8"), keepNumber);
  } catch {
    return null;
  }
  const after = Buffer.from(`${JSON.stringify(change(value))}\n`);
  const lines = bytes.toString("latin1", 0, head.length - 4).split("\r\n");
  const kept = lines.filter((line, index) => index === 0 || !DROPPED.test(line));
  return Buffer.concat([
    Buffer.from(`${kept.join("\r\n")}\r\nContent-Length: ${after.length}\r\n\r\n`, "latin1"),
    after,
  ]);
}
