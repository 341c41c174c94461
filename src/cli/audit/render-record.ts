/** One record as a line for people; scripts use `--json`. */
import type { AuditEvent, CutText } from "../../audit/index.ts";
import { json, quoteForeign } from "../../base/index.ts";
import type { Style } from "../output/style.ts";

const UNITS = ["B", "KiB", "MiB", "GiB"] as const;

function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log2(bytes || 1) / 10)));
  const amount = bytes / 1024 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${UNITS[power]}`;
}

function formatTime(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 1) return `${Math.round(ms)} ms`;
  return seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`;
}

function verdictOf({ event, decision, status, rule }: AuditEvent, style: Style): string {
  if (decision !== "allow") return style.red(`${quoteForeign(decision)} (${quoteForeign(rule)})`);
  if (event === "start") return "begins";
  return status === null ? quoteForeign(rule) : `${status}`;
}

function amountsOf({ event, bytesIn, bytesOut, durationMs }: AuditEvent): string {
  if (event !== "request" && event !== "end" && event !== "refusals") return "";
  return `${formatTime(durationMs)}, ${formatBytes(bytesIn)} in, ${formatBytes(bytesOut)} out`;
}

/** What was asked; of refusals without a record how many they were. */
function whatOf({ event, operation, method, target, cut, count }: AuditEvent): string {
  if (event === "refusals") return `${count} more`;
  const bytes = cut?.["target"]?.bytes;
  const rest = bytes === undefined ? "" : `… (${bytes} bytes)`;
  return [operation ?? "", method, target].filter(Boolean).map(quoteForeign).join(" ") + rest;
}

/** Records without a client are the gateway's own; a refused peer has only an address. */
function whoOf({ event, client, address }: AuditEvent): string {
  const nobody = event === "refusals" ? "others" : "gateway";
  return client ?? (address === "" ? nobody : address);
}

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
const readRecord = json.openObject<AuditEvent>({
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

/**
 * @param line a record's JSON
 * @returns without a line break; what is no record is said to be none
 */
export function renderRecord(line: string, style: Style): string {
  const read = json.read(line, readRecord);
  if ("problems" in read) return `not a record: ${quoteForeign(line)}`;
  const event = read.value;
  const parts = [
    new Date(event.time).toISOString(),
    quoteForeign(whoOf(event)).padEnd(16),
    verdictOf(event, style),
    whatOf(event),
    style.dim(amountsOf(event)),
    event.error === undefined ? "" : style.yellow(quoteForeign(event.error)),
  ];
  return parts.filter(Boolean).join("  ").trimEnd();
}
