/** Reads fields of a judged body: types are as the engine expects them. */
import { isList, isObject, JsonNumber, type JsonObject, type JsonValue } from "./value.ts";

const NONE: JsonObject = new Map();

export function objectAt(fields: JsonObject, name: string): JsonObject {
  const value = fields.get(name);
  return value !== undefined && isObject(value) ? value : NONE;
}

export function textAt(fields: JsonObject, name: string): string {
  const value = fields.get(name);
  return typeof value === "string" ? value : "";
}

export function listAt(fields: JsonObject, name: string): readonly JsonValue[] {
  const value = fields.get(name);
  return value !== undefined && isList(value) ? value : [];
}

export function textsAt(fields: JsonObject, name: string): readonly string[] {
  return listAt(fields, name).filter((value) => typeof value === "string");
}

/** @returns undefined: not set, which is not 0 everywhere */
export function numberAt(fields: JsonObject, name: string): number | undefined {
  const value = fields.get(name);
  return value instanceof JsonNumber ? Number(value.text) : undefined;
}
