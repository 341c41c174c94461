/** Reads a body, judges each field, and writes it anew: the engine gets what was judged and nothing else. */
import type { Asking } from "../asking.ts";
import { type Refusal, refusal, refusalIn } from "../refusal.ts";
import { readJson } from "./json/read-json.ts";
import { isObject, type JsonValue } from "./json/value.ts";
import { writeJson } from "./json/write-json.ts";
import type { Mark } from "./mark.ts";

const CONTENT_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;

/** @returns why the body is not read; null: by its header fields it is plain JSON */
export function refuseByFields({
  contentType,
  contentEncoding,
}: Pick<Asking, "contentType" | "contentEncoding">): Refusal | null {
  if (contentEncoding.length > 0)
    return refusal("encoding", "the body has a Content-Encoding; send it without one");
  // several, or none, are no type
  return CONTENT_TYPE.test(contentType.join())
    ? null
    : refusal("contentType", "the body must be application/json");
}

/** The fields that passed, by their canonical names. */
export type Fields = ReadonlyMap<string, JsonValue>;

export const isRefused = (judged: Fields | Refusal): judged is Refusal => "refuse" in judged;

export function judgedFields(body: Buffer, mark: Mark): Fields | Refusal {
  try {
    const judged = mark.read(readJson(body), "");
    return judged !== undefined && isObject(judged)
      ? judged
      : refusal("json", "the body is not a JSON object");
  } catch (error) {
    return refusalIn(error);
  }
}

export const bodyOf = (fields: Fields): Buffer => Buffer.from(writeJson(fields));

export function judgeBody(body: Buffer, mark: Mark): Buffer | Refusal {
  const fields = judgedFields(body, mark);
  return isRefused(fields) ? fields : bodyOf(fields);
}
