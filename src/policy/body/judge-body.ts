/** Reads a body, judges each field, and writes it anew: the engine gets what was judged and nothing else. */
import type { Asking } from "../asking.ts";
import { readJson } from "./json/read-json.ts";
import { BodyProblem, isObject, type JsonValue } from "./json/value.ts";
import { writeJson } from "./json/write-json.ts";
import type { Mark } from "./mark.ts";

export interface Refused {
  readonly check: string;
  /** The end of a sentence: which field, its value, why, and what to change. */
  readonly refuse: string;
}

const CONTENT_TYPE = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i;

/** @returns why the body is not read; null: by its header fields it is plain JSON */
export function refuseByFields({
  contentType,
  contentEncoding,
}: Pick<Asking, "contentType" | "contentEncoding">): Refused | null {
  if (contentEncoding.length > 0)
    return {
      check: "encoding",
      refuse: "the body has a Content-Encoding; send it without one (check encoding)",
    };
  // several, or none, are no type
  return CONTENT_TYPE.test(contentType.join())
    ? null
    : { check: "contentType", refuse: "the body must be application/json (check contentType)" };
}

/** The fields that passed, by their canonical names. */
export type Fields = ReadonlyMap<string, JsonValue>;

export const isRefused = (judged: Fields | Refused): judged is Refused => "refuse" in judged;

export function judgedFields(body: Buffer, mark: Mark): Fields | Refused {
  try {
    const judged = mark.read(readJson(body), "");
    return judged !== undefined && isObject(judged)
      ? judged
      : { check: "json", refuse: "the body is not a JSON object (check json)" };
  } catch (error) {
    if (error instanceof BodyProblem) return { check: error.check, refuse: error.message };
    throw error;
  }
}

export const bodyOf = (fields: Fields): Buffer => Buffer.from(writeJson(fields));

export function judgeBody(body: Buffer, mark: Mark): Buffer | Refused {
  const fields = judgedFields(body, mark);
  return isRefused(fields) ? fields : bodyOf(fields);
}
