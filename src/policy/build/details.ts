/** The details of an error, such as the lines of the Dockerfile: JSON for Go's structs, in which null is a pointer that crashes the engine. */
import { readJson } from "../body/json/read-json.ts";
import { isList, isObject, type JsonValue } from "../body/json/value.ts";
import type { Message, Value } from "./wire.ts";

const hasNull = (value: JsonValue): boolean => {
  if (isList(value)) return value.some(hasNull);
  return value === null || (isObject(value) && [...value.values()].some(hasNull));
};

/** Go takes `Start` for `start` too, so there are no other keys. */
const hasOnly = (value: JsonValue, ...keys: readonly string[]): boolean =>
  isObject(value) && [...value.keys()].every((key) => keys.includes(key));

/** Lines of a file: BuildKit's readers expect both ends of each range, and crash without. */
function isSource(value: JsonValue): boolean {
  const ranges = (isObject(value) && value.get("ranges")) || [];
  const isWhole = (range: JsonValue) =>
    isObject(range) && hasOnly(range, "start", "end") && [...range.values()].filter(isObject).length === 2;
  return hasOnly(value, "info", "ranges") && isList(ranges) && ranges.every(isWhole);
}

/** @param detail of a `google.rpc.Status` */
export function isWholeDetail(detail: Value): boolean {
  const { type_url = "", value = new Uint8Array() } = detail as Message;
  try {
    const type = type_url as string;
    if (!type.endsWith("+json")) return false;
    const read = readJson(Buffer.from(value as Uint8Array));
    return !hasNull(read) && (!type.endsWith(".Source+json") || isSource(read));
  } catch {
    return false;
  }
}
