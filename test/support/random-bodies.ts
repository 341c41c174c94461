/** Random bodies: mostly ones that pass, spelled in unusual ways, and then damaged. */
import { readJson } from "../../src/policy/body/json/read-json.ts";
import { isList, isObject, JsonNumber, type JsonValue } from "../../src/policy/body/json/value.ts";
import type { Mark } from "../../src/policy/body/mark.ts";
import type { Random } from "./random.ts";

/** Values for fields, as JSON. A field gets those that its mark lets through, and sometimes another. */
const VALUES: readonly JsonValue[] = String.raw`
  null true false "" 0 -0 1 -1 64 1024 9007199254740993 9223372036854775807 -9223372036854775808 9223372036854775808
  12345678901234567890 1.0 1e3 1E400 -1.5e-3 4294967296 65536 [] {} [null] [[]] {"a":null} [{}]
  "a" "é" "ſ" "\u212a" "😀" "\u2028" "\u0000" "<&>" "\\" "\"" "\u007f" "/data" "bridge" "none" "default" "private" "volume"
  "tmpfs" "json-file" "local" "core" "nofile" "always" "8080" "host" "/:/host" "/data/../x" "1-2" "no-new-privileges"
  ["a","b"] ["CHOWN"] ["cap_kill"] ["a",null] [""] ["no-new-privileges"] ["ALL"] ["😀","ſ"] [80,24] [1] [1,2,3] [-1,1]
  {"80/tcp":{}} {"/data":{}} {"a":"b"} {"a":"b","A":"c"} {"ſ":"s","s":"ſ"} {"":""} {"/run":""} {"/run":"size=64m,mode=1777"}
  {"80/tcp":[{"HostPort":"8080"}]} {"80/tcp":[{"HostIp":"127.0.0.1","HostPort":""}],"81/tcp":[]} {"80/tcp":null}
  {"net.ipv4.tcp_syncookies":"1"} {"max-size":"1m"} {"a":1} {"a":{"a":{}}}`
  .trim()
  .split(/\s+/)
  .map((text): JsonValue => readJson(Buffer.from(text)))
  .concat("\b\f\n\r\t/", "a b");

/** Not JSON, but to some readers. */
const NO_VALUES = [
  "01",
  "-01",
  "+1",
  ".5",
  "1.",
  "0x10",
  "1_0",
  "NaN",
  "Infinity",
  "TRUE",
  "'a'",
  '"\\x41"',
  "",
  "undefined",
];

/** Letters that Go reads as these, and some that it does not. */
const LIKE: Readonly<Record<string, readonly string[]>> = {
  s: ["ſ", "ſ", "S", "ß", "ѕ", "ı"],
  k: ["\u212a", "\u212a", "K", "к"],
  i: ["I", "I", "I", "ı", "İ"],
};

/** A mark with what it lets through. */
interface Place {
  readonly isList: boolean;
  /** Keys that a map accepts; null: it is a struct, or no object. */
  readonly keys: readonly string[] | null;
  readonly fields: ReadonlyMap<string, Place> | null;
  readonly fitting: readonly JsonValue[];
}

function passes(mark: Mark, value: JsonValue): boolean {
  try {
    mark.read(value, "");
    return true;
  } catch {
    return false;
  }
}

const KEYS = ["bridge", "default", "none", "ſ", "a"];

export function placeOf(mark: Mark): Place {
  const { fields } = mark;
  const isMapOf = (key: string) => passes(mark, new Map([[key, new Map()]]));
  const keys =
    fields && !passes(mark, []) ? KEYS.filter((key) => !Object.hasOwn(fields, key) && isMapOf(key)) : [];
  return {
    isList: fields !== null && passes(mark, []),
    keys: keys.length > 0 ? keys : null,
    fields: fields && new Map(Object.entries(fields).map(([name, inner]) => [name, placeOf(inner)])),
    fitting: fields ? [] : VALUES.filter((value) => passes(mark, value)),
  };
}

/** To the engine, an empty list here is not the same as none: it unmasks everything. */
const EMPTY_IS_NOT_ABSENT = ["MaskedPaths", "ReadonlyPaths"];

/** Fields that we leave out when they are empty. @returns `HostConfig.Binds` */
export function forbiddenPlaces({ fields }: Mark, place = ""): string[] {
  return Object.entries(fields ?? {}).flatMap(([name, inner]) => {
    const at = place === "" ? name : `${place}.${name}`;
    const isLeftOut = inner.verdict === "forbidden" && !EMPTY_IS_NOT_ABSENT.includes(name);
    return [...(isLeftOut ? [at] : []), ...forbiddenPlaces(inner, at)];
  });
}

export class Bodies {
  readonly #random: Random;

  constructor(random: Random) {
    this.#random = random;
  }

  body(place: Place): Buffer {
    const text = Buffer.from(this.#space() + this.#object(place) + this.#space());
    return this.#random.chance(40) ? this.#damaged(text) : text;
  }

  #value(place: Place): string {
    if (this.#random.chance(1)) return this.#random.pick(NO_VALUES);
    if (this.#random.chance(2)) return "null";
    if (place.fields === null || this.#random.chance(2)) return this.#leaf(place.fitting);
    if (place.isList) return this.#list(() => this.#object(place));
    if (place.keys === null) return this.#object(place);
    const keys = place.keys.filter(() => this.#random.chance(50));
    return `{${keys.map((key) => `${this.#string(key)}:${this.#object(place)}`).join(",")}}`;
  }

  #leaf(fitting: readonly JsonValue[]): string {
    const isFitting = fitting.length > 0 && this.#random.chance(97);
    return this.#spelled(this.#random.pick(isFitting ? fitting : VALUES));
  }

  #object({ fields }: Place): string {
    const all = [...(fields ?? [])];
    const nested = all.filter(([, inner]) => inner.fields !== null);
    const pairs: string[] = [];
    for (let count = this.#random.below(6); count > 0; count--) {
      const [name, inner] = this.#random.pick(nested.length > 0 && this.#random.chance(30) ? nested : all);
      pairs.push(`${this.#space()}${this.#name(name)}${this.#space()}:${this.#space()}${this.#value(inner)}`);
    }
    if (this.#random.chance(2)) pairs.push(`${this.#string("Cpuset")}:${this.#leaf([])}`);
    return `{${pairs.join(",")}${this.#space()}}`;
  }

  #list(item: () => string): string {
    return `[${Array.from({ length: this.#random.below(3) }, item).join(",")}]`;
  }

  #spelled(value: JsonValue): string {
    if (typeof value === "string") return this.#string(value);
    if (value instanceof JsonNumber) return value.text;
    if (isList(value)) return `[${value.map((one) => this.#space() + this.#spelled(one)).join(",")}]`;
    if (!isObject(value)) return String(value);
    return `{${[...value].map(([key, inner]) => `${this.#string(key)}:${this.#spelled(inner)}`).join(",")}}`;
  }

  /** A field's name as it is, or as Go also reads it, or almost. */
  #name(name: string): string {
    if (this.#random.chance(60)) return this.#string(name);
    const letters = [...name].map((letter) => {
      const like = LIKE[letter.toLowerCase()] ?? [];
      if (like.length > 0 && this.#random.chance(20)) return this.#random.pick(like);
      return this.#random.chance(50) ? letter.toUpperCase() : letter.toLowerCase();
    });
    return this.#string(letters.join(""));
  }

  /** Some characters as escapes. */
  #string(text: string): string {
    if (this.#random.chance(70)) return JSON.stringify(text);
    const units = text.split("").map((unit) => {
      const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
      if (/[\ud800-\udfff]/.test(unit) || this.#random.chance(50))
        return `\\u${this.#random.chance(50) ? hex : hex.toUpperCase()}`;
      return unit === "/" ? "\\/" : JSON.stringify(unit).slice(1, -1);
    });
    return `"${units.join("")}"`;
  }

  #space(): string {
    return this.#random.chance(85) ? "" : this.#random.pick([" ", "\n", "\t", "\r\n", "  "]);
  }

  #damaged(text: Buffer): Buffer {
    let bytes = text;
    for (let count = this.#random.below(3); count >= 0; count--)
      bytes = this.#random.pick(DAMAGES)(bytes, this.#random);
    return bytes;
  }
}

/** What Go, or a careless reader, could take for something else. */
const PIECES = [
  ...[
    "\0",
    "\ufeff",
    "\u00a0",
    "\u2028",
    "\v",
    "\f",
    "//",
    "/**/",
    "#",
    "'",
    '"',
    "\\",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    " ",
  ],
  ...[
    "\\ud800",
    "\\udc00",
    "\\ud83d\\ude00",
    "\\u",
    "\\u00e9",
    "\\x41",
    "\\u0000",
    "ſ",
    "\u212a",
    "é",
    "😀",
    "\u007f",
  ],
  ...[
    "0",
    "-",
    "-0",
    "+1",
    "01",
    "1e5",
    "1E+400",
    ".5",
    "0x10",
    "1_0",
    "NaN",
    "Infinity",
    "null",
    "true",
    "nul",
    "TRUE",
  ],
  ...[
    ',"Image":"b"',
    '"HostConfig":{"Binds":["/:/host"]},',
    ',"image":null',
    '"Cmd":"a",',
    "{}",
    "[]",
    '{"a":1}',
    ',""',
  ],
].map((text) => Buffer.from(text));
/** Not UTF-8: alone, overlong, half of a surrogate pair, too large, cut off. */
const NOT_TEXT = ["ff", "80", "c0af", "eda080", "edb080", "f4908080", "e282", "f0", "c1bf"].map((hex) =>
  Buffer.from(hex, "hex"),
);

function put(bytes: Buffer, at: number, piece: Buffer, instead = 0): Buffer {
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + instead)]);
}

const NOTHING = Buffer.alloc(0);
const at = (bytes: Buffer, random: Random) => random.below(bytes.length + 1);

const DAMAGES: readonly ((bytes: Buffer, random: Random) => Buffer)[] = [
  (bytes, random) => put(bytes, at(bytes, random), random.pick(PIECES)),
  (bytes, random) => put(bytes, at(bytes, random), random.pick(PIECES), random.below(4)),
  (bytes, random) => put(bytes, at(bytes, random), random.pick(NOT_TEXT)),
  (bytes, random) => put(bytes, at(bytes, random), NOTHING, random.below(8)),
  (bytes, random) => put(bytes, at(bytes, random), Buffer.from([random.below(256)]), 1),
  (bytes, random) => bytes.subarray(0, at(bytes, random)),
  (bytes, random) => put(bytes, bytes.length, random.pick(PIECES)),
  (bytes, random) => put(bytes, 0, random.pick(PIECES)),
  (bytes, random) => {
    const [start, length] = [at(bytes, random), random.below(24)];
    return put(bytes, at(bytes, random), bytes.subarray(start, start + length));
  },
  (bytes, random) => {
    const depth = random.pick([1, 24, 31, 32, 33, 40]);
    return put(bytes, at(bytes, random), Buffer.from("[".repeat(depth) + "]".repeat(depth)));
  },
];
