/** JSON as it was sent: numbers keep their text, keys their order. */
import { refusal } from "../../refusal.ts";

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

/** Why a body is refused. Thrown within this folder only. */
export class BodyProblem extends Error {
  /** The check that failed, named as in Kubernetes' Pod Security Standards where they have it. */
  readonly check: string;

  constructor(check: string, why: string) {
    super(refusal(check, why).refuse);
    this.check = check;
  }
}

/** @throws BodyProblem because another reader could read the body differently, or could not read it */
export function unreadable(what: string): never {
  throw new BodyProblem("json", `the body ${what}`);
}
