/**
 * Reads only JSON that Go's encoding/json reads in the same way. It refuses text that is not UTF-8, half a surrogate pair, a
 * key twice in one object, anything after the value, and nesting that is too deep, which Go replaces, ignores or chooses from.
 * @see RFC 8259; Go, encoding/json
 */
import { JsonNumber, type JsonValue, unreadable } from "./value.ts";

/** Docker's specifications go 9 levels deep; Go reads 10,000. */
const MAX_DEPTH = 32;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
/** A string's characters up to its end, an escape, or a character that is not allowed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON does not allow them in strings
const PLAIN = /[^"\\\x00-\x1f]*/y;
const HEX4 = /[\da-fA-F]{4}/y;
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function decoded(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    return unreadable("is not UTF-8");
  }
}

class Reader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): JsonValue {
    const value = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) unreadable("has more text after its JSON value");
    return value;
  }

  #skip(): void {
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    }
  }

  #value(): JsonValue {
    this.#skip();
    switch (this.#text[this.#at]) {
      case '"':
        return this.#string();
      case "{":
        return this.#nested(() => this.#object());
      case "[":
        return this.#nested(() => this.#list());
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      default:
        return this.#number();
    }
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) unreadable("is not JSON");
    this.#at += word.length;
    return value;
  }

  #number(): JsonValue {
    const text = this.#match(NUMBER);
    return text === "" ? unreadable("is not JSON") : new JsonNumber(text);
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) unreadable("is nested too deeply");
    this.#at++;
    const value = read();
    this.#depth--;
    return value;
  }

  #object(): JsonValue {
    const found = new Map<string, JsonValue>();
    if (this.#takes("}")) return found;
    do {
      this.#skip();
      if (this.#text[this.#at] !== '"') unreadable("is not JSON");
      const key = this.#string();
      if (found.has(key)) unreadable(`has the key ${JSON.stringify(key)} twice in one object`);
      if (!this.#takes(":")) unreadable("is not JSON");
      found.set(key, this.#value());
    } while (this.#takes(","));
    return this.#takes("}") ? found : unreadable("is not JSON");
  }

  #list(): JsonValue {
    const found: JsonValue[] = [];
    if (this.#takes("]")) return found;
    do found.push(this.#value());
    while (this.#takes(","));
    return this.#takes("]") ? found : unreadable("is not JSON");
  }

  #takes(sign: string): boolean {
    this.#skip();
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    return true;
  }

  #string(): string {
    this.#at++;
    const value = this.#match(PLAIN);
    if (this.#text[this.#at] !== '"') return this.#escaped(value);
    this.#at++;
    return value;
  }

  /** @param start before the first escape */
  #escaped(start: string): string {
    let value = start;
    for (;;) {
      const sign = this.#text[this.#at++];
      if (sign === '"') break;
      if (sign !== "\\") unreadable("is not JSON");
      value += this.#escape() + this.#match(PLAIN);
    }
    return value.isWellFormed() ? value : unreadable("has half of a surrogate pair");
  }

  #escape(): string {
    const sign = this.#text.charAt(this.#at++);
    if (sign !== "u") return ESCAPES[sign] ?? unreadable("is not JSON");
    const digits = this.#match(HEX4);
    return digits === "" ? unreadable("is not JSON") : String.fromCharCode(Number.parseInt(digits, 16));
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }
}

/** @throws CallProblem if it is not JSON, or ambiguous */
export function readJson(bytes: Buffer): JsonValue {
  return new Reader(decoded(bytes)).whole();
}
