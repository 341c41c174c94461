/**
 * HTTP/1.1 once more, from RFC 9110 and 9112 alone, whole messages at a time and without regard to speed. It takes all
 * that is lawful, which is more than the gateway takes: what the gateway accepts must be the same here.
 */

/** What the bytes are. */
export interface Lawful {
  /** `METHOD target`, and a space and the decoded body if there is one. */
  readonly requests: readonly string[];
  /** What follows them: nothing, an incomplete message, bytes after `close`, or no message. */
  readonly end: "clean" | "waiting" | "closed" | "unlawful";
}

const TOKEN = "[-!#$%&'*+.^_`|~0-9A-Za-z]+"; // RFC 9110 §5.6.2
const REQUEST_LINE = new RegExp(`^(${TOKEN}) ([!-~]+) HTTP/1\\.1$`); // RFC 9112 §3; the form is not judged
const FIELD_LINE = new RegExp(`^(${TOKEN}):([\\t -~\\x80-\\xff]*)$`); // §5, white space around the value and all
const QUOTED = '"(?:[\\t !#-\\[\\]-~\\x80-\\xff]|\\\\[\\t -~\\x80-\\xff])*"'; // RFC 9110 §5.6.4
const EXTENSION = `(?:[ \\t]*;[ \\t]*${TOKEN}(?:[ \\t]*=[ \\t]*(?:${TOKEN}|${QUOTED}))?)*`; // RFC 9112 §7.1.1
const CHUNK_LINE = new RegExp(`^([0-9A-Fa-f]+)${EXTENSION}$`);

type Outcome<T> = { readonly value: T; readonly rest: string } | "waiting" | "unlawful";

/** A line without its CRLF. */
function takeLine(text: string): Outcome<string> {
  const end = text.indexOf("\r\n");
  return end < 0 ? "waiting" : { value: text.slice(0, end), rest: text.slice(end + 2) };
}

/** Fields up to the empty line: names in lower case. */
function takeFields(text: string): Outcome<readonly (readonly [string, string])[]> {
  const fields: [string, string][] = [];
  for (let rest = text; ; ) {
    const line = takeLine(rest);
    if (typeof line === "string") return line;
    rest = line.rest;
    if (line.value === "") return { value: fields, rest };
    const match = FIELD_LINE.exec(line.value);
    if (match === null) return "unlawful";
    const value = (match[2] as string).replace(/^[ \t]+|[ \t]+$/g, "");
    fields.push([(match[1] as string).toLowerCase(), value]);
  }
}

/** Members of a list field, over all its lines (RFC 9110 §5.3, §5.6.1). */
function members(fields: readonly (readonly [string, string])[], wanted: string): string[] {
  const lines = fields.filter(([name]) => name === wanted).map(([, value]) => value);
  return lines.flatMap((line) => line.split(",").map((member) => member.trim().toLowerCase()));
}

function takeChunked(text: string): Outcome<string> {
  let data = "";
  for (let rest = text; ; ) {
    const line = takeLine(rest);
    if (typeof line === "string") return line;
    const match = CHUNK_LINE.exec(line.value);
    if (match === null) return "unlawful";
    const size = BigInt(`0x${match[1]}`);
    if (size === 0n) {
      const trailers = takeFields(line.rest);
      return typeof trailers === "string" ? trailers : { value: data, rest: trailers.rest };
    }
    if (size + 2n > BigInt(line.rest.length)) return "waiting";
    const end = Number(size);
    if (line.rest.slice(end, end + 2) !== "\r\n") return "unlawful";
    data += line.rest.slice(0, end);
    rest = line.rest.slice(end + 2);
  }
}

/** RFC 9112 §6.3 */
function takeBody(text: string, fields: readonly (readonly [string, string])[]): Outcome<string> {
  const codings = members(fields, "transfer-encoding");
  const lengths = new Set(members(fields, "content-length"));
  if (codings.length > 0) {
    const isOnlyLast = codings.indexOf("chunked") === codings.length - 1;
    return lengths.size > 0 || !isOnlyLast ? "unlawful" : takeChunked(text);
  }
  if (lengths.size === 0) return { value: "", rest: text };
  const [length = ""] = lengths;
  if (lengths.size > 1 || !/^[0-9]+$/.test(length)) return "unlawful";
  if (BigInt(length) > BigInt(text.length)) return "waiting";
  return { value: text.slice(0, Number(length)), rest: text.slice(Number(length)) };
}

/** One request, and whether it is the last. */
function takeRequest(text: string): Outcome<{ readonly request: string; readonly close: boolean }> {
  const line = takeLine(text);
  if (typeof line === "string") return line;
  const match = REQUEST_LINE.exec(line.value);
  const fields = takeFields(line.rest);
  if (match === null) return "unlawful";
  if (typeof fields === "string") return fields;
  if (fields.value.filter(([name]) => name === "host").length !== 1) return "unlawful"; // RFC 9112 §3.2
  const body = takeBody(fields.rest, fields.value);
  if (typeof body === "string") return body;
  const request = `${match[1]} ${match[2]}${body.value === "" ? "" : ` ${body.value}`}`;
  return {
    value: { request, close: members(fields.value, "connection").includes("close") },
    rest: body.rest,
  };
}

/** @param text the bytes as Latin-1 */
export function readLawfully(text: string): Lawful {
  const requests: string[] = [];
  for (let rest = text; rest !== ""; ) {
    const taken = takeRequest(rest);
    if (typeof taken === "string") return { requests, end: taken };
    requests.push(taken.value.request);
    if (taken.value.close) return { requests, end: "closed" };
    rest = taken.rest;
  }
  return { requests, end: "clean" };
}
