/** Reads a record that another machine may have written. */
import { json } from "../base/index.ts";
import type { AuditEvent, CutText } from "./event.ts";

const word = { read: json.words(128 * 1024) };
const wordOrNull = { read: json.orNull(json.words(128 * 1024)) };
const number = { read: json.number };

const mayBeMissing = { optional: { value: undefined } };

/** By field. Only the target's is shown. */
const readCut = json.openObject<NonNullable<AuditEvent["cut"]>>({
  target: {
    read: json.openObject({ bytes: number, sha256: word }),
    ...mayBeMissing,
  } as { read: json.Read<CutText> },
});

/** A newer gateway may have kinds of events and decisions that are not known here: they are shown as they are called. */
const readFields = json.openObject<AuditEvent>({
  time: { read: json.time },
  event: word as { read: json.Read<AuditEvent["event"]> },
  connection: word,
  request: number,
  client: wordOrNull,
  fingerprint: wordOrNull,
  address: word,
  operation: wordOrNull,
  method: word,
  target: word,
  decision: word as { read: json.Read<AuditEvent["decision"]> },
  rule: word,
  status: { read: json.orNull(json.number) },
  bytesIn: number,
  bytesOut: number,
  durationMs: number,
  error: { read: json.words(), ...mayBeMissing } as { read: json.Read<string> },
  count: { read: json.number, ...mayBeMissing } as { read: json.Read<number> },
  cut: { read: readCut, ...mayBeMissing } as { read: json.Read<NonNullable<AuditEvent["cut"]>> },
});

/** @param line a record's JSON @returns undefined if it is no record */
export function readRecord(line: string): AuditEvent | undefined {
  const read = json.read(line, readFields);
  return "value" in read ? read.value : undefined;
}
