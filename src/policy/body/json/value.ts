/** JSON as it was sent: numbers keep their text, keys their order. */
import { CallProblem } from "../../refusal.ts";

/** A number, never converted: Docker's int64 does not fit in a JavaScript number. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type JsonObject = ReadonlyMap<string, JsonValue>;

export type JsonValue = string | boolean | null | JsonNumber | readonly JsonValue[] | JsonObject;

export const isObject = (value: JsonValue): value is JsonObject => value instanceof Map;
export const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);

/** @throws CallProblem because another reader could read the body differently, or could not read it */
export function unreadable(what: string): never {
  throw new CallProblem("json", `the body ${what}`);
}
