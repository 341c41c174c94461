/** What `audit verify` prints for an intact log. */
import type { AuditVerification } from "../../audit/index.ts";

type Part = AuditVerification["parts"][number];

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function extentOf({ rotated, begins }: Part): string {
  if (rotated === 0) return "complete";
  const since = begins === null ? "" : `, begins at ${new Date(begins).toISOString()}`;
  return `incomplete${since}: ${count(rotated, "older file")} rotated away`;
}

function renderPart(part: Part): string {
  const { part: name, records, files } = part;
  return `  ${name.padEnd(8)}  ${count(records, "record")} in ${count(files, "file")}, ${extentOf(part)}`;
}

/** @returns lines; the first says whether older files are missing */
export function renderVerification(found: AuditVerification): string[] {
  const { complete, records, files, seal, parts } = found;
  const gone = complete ? "" : "; older files were rotated away";
  return [
    `verified ${count(records, "record")} in ${count(files, "file")}${gone}`,
    ...parts.map(renderPart),
    `last seal ${seal}`,
  ];
}
