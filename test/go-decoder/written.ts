/** Writes what our reader has read as the Go program writes what Go has read (dump.go). */
import { isList, isObject, JsonNumber, type JsonValue } from "../../src/policy/body/json/value.ts";

const PLAIN = /^[ !#-[\]-~]*$/;

function quoted(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  // half of a surrogate pair has no bytes
  if (!text.isWellFormed()) return JSON.stringify(text);
  let out = "";
  for (const byte of Buffer.from(text)) {
    const sign = String.fromCharCode(byte);
    out += byte < 0x7f && PLAIN.test(sign) ? sign : `\\x${byte.toString(16).padStart(2, "0")}`;
  }
  return `"${out}"`;
}

export function written(value: JsonValue): string {
  if (typeof value === "string") return quoted(value);
  if (value instanceof JsonNumber) return value.text;
  if (isList(value)) return `[${value.map(written).join(",")}]`;
  if (!isObject(value)) return String(value);
  return `{${[...value]
    .map(([key, inner]) => `${quoted(key)}:${written(inner)}`)
    .sort()
    .join(",")}}`;
}
