/** Reads YAML as data: no aliases, no tags, every key a text, and a place for every problem. */
import { isMap, isScalar, isSeq, LineCounter, type ParsedNode, parseDocument } from "yaml";
import type { json } from "../../base/index.ts";

/** One thing that is wrong in a file; lines and columns count from 1. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** The most that a call of the admin API may have. */
export const MAX_LENGTH = 64 * 1024;
/** Nobody reads more than these. */
const MAX_PROBLEMS = 50;
/** No role file needs it, nor any body that the Docker API has. */
const MAX_DEPTH = 100;
const TOO_DEEP = "it is nested too deeply";
/** What the parser tells programmers. */
const OWN_TEXTS: Readonly<Record<string, string>> = {
  RESOURCE_EXHAUSTION: TOO_DEEP,
  MULTIPLE_DOCS: "a second document begins; make a file of it",
};

class Source {
  readonly #lines = new LineCounter();
  readonly #offsets = new Map<string, number>();
  readonly problems: Problem[] = [];

  parse(text: string): unknown {
    const document = parseDocument(text, {
      ...{ lineCounter: this.#lines, schema: "core", prettyErrors: false, strict: true, uniqueKeys: true },
    });
    for (const { code, message, pos } of [...document.errors, ...document.warnings])
      this.#tell(pos[0], OWN_TEXTS[code] ?? message);
    if (document.contents === null) this.#tell(0, "it is empty");
    return this.problems.length > 0 ? null : this.#value(document.contents, "", 0);
  }

  /** @param at as a reader names the place: `limits.images.allow[0]` */
  complain(at: string, text: string): void {
    this.#tell(this.#offsetOf(at), `${at === "" ? "the whole" : at} ${text}`);
  }

  /** Of a place that is missing, where it would be: the object around it. */
  #offsetOf(at: string): number {
    for (
      let place = at;
      place !== "";
      place = place.slice(0, Math.max(0, place.search(/(?:\.[^.[]*|\[\d+\])$/)))
    ) {
      const offset = this.#offsets.get(place);
      if (offset !== undefined) return offset;
    }
    return 0;
  }

  #tell(offset: number, text: string): void {
    const { line, col } = this.#lines.linePos(offset);
    if (this.problems.length < MAX_PROBLEMS)
      this.problems.push({ line: Math.max(1, line), column: Math.max(1, col), text });
  }

  #value(node: ParsedNode | null, at: string, depth: number): unknown {
    if (node === null) return null;
    if (depth > MAX_DEPTH) return this.#tell(node.range[0], TOO_DEEP);
    if (!this.#offsets.has(at)) this.#offsets.set(at, node.range[0]);
    if (node.tag !== undefined) this.#tell(node.range[0], "tags are not supported; leave it out");
    if (isMap(node))
      return Object.fromEntries(node.items.map(({ key, value }) => this.#pair(key, value, at, depth)));
    if (isSeq(node))
      return node.items.map((item, index) => this.#value(item as ParsedNode, `${at}[${index}]`, depth + 1));
    if (isScalar(node)) return node.value;
    this.#tell(node.range[0], "aliases are not supported; write the value out");
    return null;
  }

  #pair(key: ParsedNode, value: ParsedNode | null, at: string, depth: number): [string, unknown] {
    const name = isScalar(key) ? key.value : null;
    if (typeof name !== "string")
      this.#tell(key.range[0], "a key must be a string; put it in quotation marks");
    const place = at === "" ? String(name) : `${at}.${name}`;
    this.#offsets.set(place, key.range[0]);
    return [String(name), this.#value(value, place, depth + 1)];
  }
}

/** @returns the value, or everything that is wrong, in the order of the file */
export function readYaml<T>(
  text: string,
  reader: json.Read<T>,
): { readonly value: T } | { readonly problems: readonly Problem[] } {
  if (text.length > MAX_LENGTH)
    return { problems: [{ line: 1, column: 1, text: `it is longer than ${MAX_LENGTH} characters` }] };
  const source = new Source();
  const parsed = source.parse(text);
  const value =
    source.problems.length > 0 ? undefined : reader(parsed, "", (at, what) => source.complain(at, what));
  if (value !== undefined && source.problems.length === 0) return { value };
  return {
    problems: source.problems.toSorted((one, other) => one.line - other.line || one.column - other.column),
  };
}
