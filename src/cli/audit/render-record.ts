/** One record as a line for the eye; scripts take `--json`. */
import type { AuditEvent } from "../../audit/index.ts";
import { visible } from "../../base/index.ts";
import type { Style } from "../style.ts";

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
  if (decision !== "allow") return style.red(`${decision} (${rule})`);
  if (event === "start") return "begins";
  return status === null ? rule : `${status}`;
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
  return [operation ?? "", method, target].filter((part) => part !== "").join(" ") + rest;
}

/** Nobody's records are the gateway's own; a peer that was not let in has an address only. */
function whoOf({ event, client, address }: AuditEvent): string {
  const nobody = event === "refusals" ? "others" : "gateway";
  return client ?? (address === "" ? nobody : address);
}

/**
 * @param line a record's JSON
 * @returns without a line break, safe on a terminal; what is no record comes as it is
 */
export function renderRecord(line: string, style: Style): string {
  let event: AuditEvent;
  try {
    event = JSON.parse(line) as AuditEvent;
    const { error } = event;
    const parts = [
      new Date(event.time).toISOString(),
      visible(whoOf(event)).padEnd(16),
      verdictOf({ ...event, rule: visible(event.rule) }, style),
      visible(whatOf(event)),
      style.dim(amountsOf(event)),
      error === undefined ? "" : style.yellow(visible(error)),
    ];
    return parts
      .filter((part) => part !== "")
      .join("  ")
      .trimEnd();
  } catch {
    return visible(line);
  }
}
