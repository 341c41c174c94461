/** Parts of a request's head that a judge reads or changes. */

import { withoutSpaces } from "../../http/index.ts";

const LINE_END = "\r\n";

/** @param head with its empty line @returns the values of the field, one for each time that it appears */
export function fieldValues(head: Buffer, name: string): string[] {
  const prefix = `${name.toLowerCase()}:`;
  return head
    .toString("latin1")
    .split(LINE_END)
    .slice(1)
    .filter((line) => line.slice(0, prefix.length).toLowerCase() === prefix)
    .map((line) => withoutSpaces(line.slice(prefix.length)));
}

/** A new head. @param fields all of them, besides Host and the framing */
export function newHead(method: string, target: string, fields: Iterable<readonly [string, string]>): Buffer {
  const lines = [...fields].map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(
    [`${method} ${target} HTTP/1.1`, "Host: docker", ...lines, "", ""].join(LINE_END),
    "latin1",
  );
}

/** @param head with its empty line @param target printable ASCII without a space */
export function replaceTarget(head: Buffer, target: string): Buffer {
  const end = head.indexOf(LINE_END);
  const [method = ""] = head.toString("latin1", 0, end).split(" ");
  return Buffer.concat([Buffer.from(`${method} ${target} HTTP/1.1`, "latin1"), head.subarray(end)]);
}
