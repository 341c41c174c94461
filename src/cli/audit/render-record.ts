/** One record as a line for people; scripts use `--json`. */
import { type AuditEvent, readRecord } from "../../audit/index.ts";
import { quoteForeign } from "../../base/index.ts";
import { formatBytes } from "../output/format-bytes.ts";
import type { Style } from "../output/style.ts";

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

/**
 * @param line a record's JSON
 * @returns without a line break; what is no record is said to be none
 */
export function renderRecord(line: string, style: Style): string {
  const event = readRecord(line);
  if (event === undefined) return `not a record: ${quoteForeign(line)}`;
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
