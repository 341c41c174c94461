/** The details of an error, such as the lines of the Dockerfile: JSON for Go's structs, in which null is a pointer that crashes the engine. */
import { readJson } from "../body/json/read-json.ts";
import { isList, isObject, type JsonValue } from "../body/json/value.ts";
import type { Message, Value } from "./wire.ts";

const hasNull = (value: JsonValue): boolean => {
  if (isList(value)) return value.some(hasNull);
  return value === null || (isObject(value) && [...value.values()].some(hasNull));
};

/** @param detail of a `google.rpc.Status` */
export function isWholeDetail(detail: Value): boolean {
  const { type_url = "", value = new Uint8Array() } = detail as Message;
  try {
    return (type_url as string).endsWith("+json") && !hasNull(readJson(Buffer.from(value as Uint8Array)));
  } catch {
    return false;
  }
}
