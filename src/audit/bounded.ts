/** Cuts text from outside to the length that a record may hold. */
import { hash } from "node:crypto";
import type { AuditEvent, CutText } from "./event.ts";

/** The fields of a record whose text others may choose. */
const FOREIGN = ["client", "fingerprint", "address", "method", "target", "rule", "error"] as const;

/** Runs for every record, so it has no loop over names. */
function areShort(event: AuditEvent, longest: number): boolean {
  const { client, fingerprint, address, method, target, rule, error } = event;
  return (
    target.length <= longest &&
    method.length <= longest &&
    rule.length <= longest &&
    address.length <= longest &&
    (client === null || client.length <= longest) &&
    (fingerprint === null || fingerprint.length <= longest) &&
    (error === undefined || error.length <= longest)
  );
}

function cutText(text: string): CutText {
  return { bytes: Buffer.byteLength(text), sha256: hash("sha256", text, "hex") };
}

/**
 * @param longest in characters
 * @returns the event itself if all its texts are short enough; else a copy with shortened texts and `cut`
 */
export function boundTexts(event: AuditEvent, longest: number): AuditEvent {
  if (areShort(event, longest)) return event;
  const texts = FOREIGN.map((field) => [field, event[field] ?? ""] as const);
  const long = texts.filter(([, text]) => text.length > longest);
  const short = Object.fromEntries(long.map(([field, text]) => [field, text.slice(0, longest)]));
  const cut = Object.fromEntries(long.map(([field, text]) => [field, cutText(text)]));
  return { ...event, ...short, cut };
}
