/**
 * Filters by name and ID are regular expressions, which the engine compiles anew for each container, network or volume (moby,
 * api/types/filters, `Match`). A repetition such as `x{1000}` makes 10 KB of it gigabytes of memory and minutes of work. For a filter
 * by port, it keeps an entry for each port of the range (moby, daemon/list.go, `portOp`): 4 MB for all ports.
 */
import type { OperationCall } from "../engine/index.ts";
import { isList, isObject, type JsonObject, type JsonValue } from "./body/json/value.ts";
import { AMBIGUOUS_QUERY, readFilters, readParameters, UNREADABLE_FILTERS } from "./query.ts";

const PATTERNS: ReadonlySet<string> = new Set(["name", "id"]);
/** Of what is cheap: no counted repetition, and no class with hundreds of ranges. */
const CHEAP = /^(?:[\w ./^$*+?|()[\]-]|\\[dDsSwW.+*?$^|()[\]/-])*$/;
/** `(?i)` makes the engine fold all of Unicode for each `[^a]`. */
const HAS_FLAGS = /\(\?/;
const IS_PLAIN = /^(?:[\p{L}\p{M}\p{N}_ ./@:,^$-]|\\[./-])*$/u;
/** Of all patterns in a call, and of all filters of events, bytes: more than compose or a dashboard asks for. */
const MOST_BYTES = 4_096;
/** Of those with operators: a name is matched in a time that grows with both lengths. */
const MOST_OPERATOR_BYTES = 256;

/** However short they are, compiling more of them takes the engine over a second for each thousand containers. */
const MOST_PATTERNS = 256;
const PORT_FILTERS: ReadonlySet<string> = new Set(["publish", "expose"]);
const PORTS = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(?:tcp|udp|sctp))?$/i;
/** In all ranges of a call together: as many as there are. */
const MOST_PORTS = 65_536;

/** The engine goes through them for each event and each client that listens. */
const LONG = "the filters of events may have 4 KiB; ask for fewer, or for all events";
const COSTLY =
  "a filter by name or id may have letters, digits, and . * + ? ^ $ | ( ) [ ] of a regular expression; a call may have 256 of them with 4 KiB together, of which 256 bytes in those with * + ? | ( ) [ ]";
const MANY_PORTS =
  "a filter by port is a port or a range such as 8000-8080/tcp, and those of one call may have 65536 ports together";

/** Before API 1.22, a filter's values were a list. */
const valuesOf = (values: JsonValue): readonly unknown[] =>
  isObject(values) ? [...values.keys()] : isList(values) ? values : [];

function textsIn(filters: JsonObject, wanted: ReadonlySet<string>): readonly string[] {
  const asked = [...filters].flatMap(([name, values]) => (wanted.has(name) ? valuesOf(values) : []));
  return asked.filter((value) => typeof value === "string");
}

/** @returns Infinity: the engine may read it differently */
function portsIn(range: string): number {
  const [, first, last = first] = PORTS.exec(range) ?? [];
  return first === undefined ? Number.POSITIVE_INFINITY : Math.abs(Number(last) - Number(first)) + 1;
}

const bytesOf = (patterns: readonly string[]): number =>
  patterns.reduce((sum, pattern) => sum + Buffer.byteLength(pattern), 0);

function arePatternsCheap(patterns: readonly string[]): boolean {
  return (
    patterns.length <= MOST_PATTERNS &&
    patterns.every(
      (pattern) => IS_PLAIN.test(pattern) || (CHEAP.test(pattern) && !HAS_FLAGS.test(pattern)),
    ) &&
    bytesOf(patterns) <= MOST_BYTES &&
    bytesOf(patterns.filter((pattern) => !IS_PLAIN.test(pattern))) <= MOST_OPERATOR_BYTES
  );
}

/** @returns why the call is refused; null: its filters cost the engine little */
export function refusesFilters({ operation, query }: OperationCall): string | null {
  if (query === "") return null;
  const parameters = readParameters(query);
  if (parameters === null) return AMBIGUOUS_QUERY;
  const texts = parameters.filter(([name]) => name === "filters").map(([, text]) => text);
  if (operation.name === "SystemEvents" && texts.some((text) => text.length > MOST_BYTES)) return LONG;
  const all = texts.map(readFilters);
  const filters = all.filter((one) => one !== null);
  // The engine may take the other of two keys.
  if (filters.length < all.length) return UNREADABLE_FILTERS;
  if (!arePatternsCheap(filters.flatMap((one) => textsIn(one, PATTERNS)))) return COSTLY;
  const ranges = filters.flatMap((one) => textsIn(one, PORT_FILTERS));
  return ranges.reduce((sum, range) => sum + portsIn(range), 0) <= MOST_PORTS ? null : MANY_PORTS;
}
