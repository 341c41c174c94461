/** Writes JSON: numbers as they were sent, without white space. */
import { isList, isObject, JsonNumber, type JsonValue } from "./value.ts";

/** Most strings need no escape, and this test is faster than JSON.stringify. */
const PLAIN = /^[ !#-[\]-~]*$/;

const quoted = (text: string): string => (PLAIN.test(text) ? `"${text}"` : JSON.stringify(text));

export function writeJson(value: JsonValue): string {
  if (typeof value === "string") return quoted(value);
  if (value instanceof JsonNumber) return value.text;
  if (isList(value)) return `[${value.map(writeJson).join(",")}]`;
  if (!isObject(value)) return String(value);
  let text = "";
  for (const [key, inner] of value) text += `${text === "" ? "" : ","}${quoted(key)}:${writeJson(inner)}`;
  return `{${text}}`;
}
