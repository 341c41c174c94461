/** Reads a head's field lines in one pass: checks all, interprets those that frame the message or the connection. */
import { COLON, CR, digitAt, HOST, HT, LF, SP, sameName, TOKEN, VALUE } from "./byte-classes.ts";
import { PROBLEMS, type Problem } from "./problem.ts";
import { readTrailerName } from "./trailer-name.ts";

/** The head is not complete yet. */
export const INCOMPLETE = -1;
/** The head is invalid: `problem` says why. */
export const REFUSED = -2;

const MAX_FIELDS = 100;
/** 2^53 has 16 digits: any number with 15 is exact. */
const MAX_LENGTH_DIGITS = 15;

/** What the fields say about framing and about the connection. */
export class FieldFacts {
  /** Bytes of the body; -1: no Content-Length. */
  contentLength = -1;
  chunked = false;
  /** `Connection: close`. */
  close = false;
  /** `Connection: keep-alive`, which is the default anyway. */
  keepAlive = false;
  /**
   * The protocol in the only Upgrade field, in lower case; empty: none. dockerd reads only this field and ignores
   * `Connection: upgrade`, so the gateway does the same. dockerd's answer says whether the connection is upgraded.
   */
  upgrade = "";
  expectContinue = false;
  hosts = 0;
  hasContentType = false;
  /** Number of field lines so far. */
  count = 0;
  /** The lines are a trailer: none of them may frame, route or authorise. */
  isTrailer = false;
  problem: Problem | null = null;
}

function refuse(facts: FieldFacts, problem: Problem): typeof REFUSED {
  facts.problem = problem;
  return REFUSED;
}

/** Interprets a field's value. Most values never become a string: reading their bytes costs less. */
type Reader = (facts: FieldFacts, bytes: Buffer, start: number, end: number) => Problem | null;

const textOf =
  (read: (facts: FieldFacts, value: string) => Problem | null): Reader =>
  (facts, bytes, start, end) =>
    read(facts, bytes.toString("latin1", start, end));

function readContentLength(facts: FieldFacts, bytes: Buffer, start: number, end: number): Problem | null {
  if (facts.contentLength >= 0 || end === start || end - start > MAX_LENGTH_DIGITS)
    return PROBLEMS.contentLength;
  let length = 0;
  for (let at = start; at < end; at++) {
    const digit = digitAt(bytes, at);
    if (digit < 0) return PROBLEMS.contentLength;
    length = length * 10 + digit;
  }
  facts.contentLength = length;
  return facts.chunked ? PROBLEMS.bothFramings : null;
}

function readTransferEncoding(facts: FieldFacts, value: string): Problem | null {
  if (facts.chunked || value.toLowerCase() !== "chunked") return PROBLEMS.transferEncoding;
  facts.chunked = true;
  return facts.contentLength >= 0 ? PROBLEMS.bothFramings : null;
}

/** Options without an effect: Upgrade has its own reader, and dockerd reads neither TE nor HTTP2-Settings. */
const IDLE_OPTIONS: ReadonlySet<string> = new Set(["", "upgrade", "te", "http2-settings"]);

/** @returns false for an unknown option: it names a field that a proxy must drop (RFC 9110 §7.6.1) */
function readOption(facts: FieldFacts, option: string): boolean {
  if (option === "close") facts.close = true;
  else if (option === "keep-alive") facts.keepAlive = true;
  else return IDLE_OPTIONS.has(option);
  return true;
}

/** By hand: an expression such as `/ *,/` takes seconds on 60,000 spaces, and trim() removes more than spaces. */
export function withoutSpaces(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) === SP) start++;
  while (end > start && text.charCodeAt(end - 1) === SP) end--;
  return text.slice(start, end);
}

function readConnection(facts: FieldFacts, value: string): Problem | null {
  const text = value.toLowerCase();
  const known = text.includes(",")
    ? text.split(",").every((option) => readOption(facts, withoutSpaces(option)))
    : readOption(facts, text);
  // Given both close and keep-alive, some parsers take the last one, and others always close.
  return known && !(facts.close && facts.keepAlive) ? null : PROBLEMS.connection;
}

/** No RFC defines it, it makes some parsers close (RFC 9112 §C.2.2), and no client sends it to a server. */
function refuseProxyConnection(): Problem {
  return PROBLEMS.proxyConnection;
}

function readUpgrade(facts: FieldFacts, value: string): Problem | null {
  if (facts.upgrade !== "" || !/^[A-Za-z0-9./-]+$/.test(value)) return PROBLEMS.upgrade;
  facts.upgrade = value.toLowerCase();
  return null;
}

function readExpect(facts: FieldFacts, value: string): Problem | null {
  if (facts.expectContinue || value.toLowerCase() !== "100-continue") return PROBLEMS.expect;
  facts.expectContinue = true;
  return null;
}

/** A client with no host to name sends it empty (RFC 9112 §3.2), as buildx does for /grpc. */
function readHost(facts: FieldFacts, bytes: Buffer, start: number, end: number): Problem | null {
  let at = start;
  while (at < end && HOST[bytes[at] as number] === 1) at++;
  facts.hosts++;
  return facts.hosts > 1 || at < end ? PROBLEMS.host : null;
}

/** There may be only one: of two, Go takes the first and other parsers take the last. */
function readContentType(facts: FieldFacts, bytes: Buffer, start: number, end: number): Problem | null {
  if (facts.hasContentType || end === start || bytes.subarray(start, end).includes(HT))
    return PROBLEMS.contentType;
  facts.hasContentType = true;
  return null;
}

type Named = readonly [name: string, read: Reader];

/** Readers by the length of the field's name: most fields have none, which costs one look-up. */
const READERS: readonly (readonly Named[] | undefined)[] = Array.from({ length: 18 }, (_, length) => {
  const all: readonly Named[] = [
    ["host", readHost],
    ["expect", textOf(readExpect)],
    ["upgrade", textOf(readUpgrade)],
    ["connection", textOf(readConnection)],
    ["content-type", readContentType],
    ["content-length", readContentLength],
    ["proxy-connection", refuseProxyConnection],
    ["transfer-encoding", textOf(readTransferEncoding)],
  ];
  const fitting = all.filter(([name]) => name.length === length);
  return fitting.length > 0 ? fitting : undefined;
});

function readField(
  facts: FieldFacts,
  bytes: Buffer,
  name: number,
  nameEnd: number,
  value: number,
  end: number,
) {
  const readers = READERS[nameEnd - name];
  if (readers === undefined) return null;
  for (const [wanted, read] of readers)
    if (sameName(bytes, name, wanted)) return read(facts, bytes, value, end);
  return null;
}

/**
 * Reads field lines up to and including the empty line that ends them.
 * @param at where the first or the next line begins
 * @param end where the bytes end
 * @param facts receives the results or the problem; may already hold the results of earlier lines
 * @returns the position after the empty line, INCOMPLETE or REFUSED
 * @see RFC 9112 §5
 */
export function scanFields(bytes: Buffer, at: number, end: number, facts: FieldFacts): number {
  let here = at;
  for (; ; facts.count++) {
    if (here >= end) return INCOMPLETE;
    if (bytes[here] === CR) {
      if (here + 1 >= end) return INCOMPLETE;
      return bytes[here + 1] === LF ? here + 2 : refuse(facts, PROBLEMS.ending);
    }
    if (facts.count >= MAX_FIELDS) return refuse(facts, PROBLEMS.fields);
    const name = here;
    while (here < end && TOKEN[bytes[here] as number] === 1) here++;
    if (here >= end) return INCOMPLETE;
    if (here === name || bytes[here] !== COLON) {
      const first = bytes[name];
      const folded = here === name && facts.count > 0 && (first === SP || first === HT);
      return refuse(facts, folded ? PROBLEMS.fold : first === LF ? PROBLEMS.ending : PROBLEMS.colon);
    }
    const nameEnd = here++;
    while (here < end && bytes[here] === SP) here++;
    const value = here;
    while (here < end && VALUE[bytes[here] as number] === 1) here++;
    if (here >= end) return INCOMPLETE;
    if (bytes[here] !== CR) return refuse(facts, PROBLEMS.value);
    if (here + 1 >= end) return INCOMPLETE;
    if (bytes[here + 1] !== LF) return refuse(facts, PROBLEMS.value);
    let valueEnd = here;
    while (valueEnd > value && bytes[valueEnd - 1] === SP) valueEnd--;
    const problem = facts.isTrailer
      ? readTrailerName(bytes.toString("latin1", name, nameEnd))
      : readField(facts, bytes, name, nameEnd, value, valueEnd);
    if (problem !== null) return refuse(facts, problem);
    here += 2;
  }
}
