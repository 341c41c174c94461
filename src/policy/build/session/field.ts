/** The header fields of a session: one of them has the details of an error, which the engine reads and passes on. */
import { isWholeDetail } from "../details.ts";
import { STATUS } from "../messages.ts";
import type { Value } from "../wire.ts";
import { exactly } from "./exactly.ts";

const DETAILS = "grpc-status-details-bin";

const withoutEnd = (encoded: string): string => encoded.replace(/={0,2}$/, "");

/** @returns why a header field that a client sends on a session must not reach the engine; null: it may */
export function refuseField(name: string, value: string): string | null {
  // Not every name is made lower case: a long one in few bytes, again and again, would keep a processor busy.
  if (name.length !== DETAILS.length || name.toLowerCase() !== DETAILS) return null;
  const decoded = Buffer.from(value, "base64");
  const status =
    withoutEnd(decoded.toString("base64")) === withoutEnd(value) ? exactly(decoded, STATUS) : null;
  const details = (status?.["details"] ?? []) as readonly Value[];
  return status !== null && details.every(isWholeDetail)
    ? null
    : "the session sends details of an error as Docker's clients do not send them";
}
