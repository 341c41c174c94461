/** What `audit verify` prints for an intact log. */

import type { AuditVerification } from "../../audit/index.ts";
import { counted } from "../../base/index.ts";

type Part = AuditVerification["parts"][number];

function extentOf({ rotated, begins }: Part): string {
  if (rotated === 0) return "complete";
  const since = begins === null ? "" : `, begins at ${new Date(begins).toISOString()}`;
  return `incomplete${since}: ${counted(rotated, "older file")} rotated away`;
}

function renderPart(part: Part): string {
  const { part: name, records, files } = part;
  return `  ${name.padEnd(8)}  ${counted(records, "record")} in ${counted(files, "file")}, ${extentOf(part)}`;
}

/** @returns lines; the first says whether older files are missing */
export function renderVerification(found: AuditVerification): string[] {
  const { complete, records, files, seal, parts } = found;
  const gone = complete ? "" : "; older files were rotated away";
  return [
    `verified ${counted(records, "record")} in ${counted(files, "file")}${gone}`,
    ...parts.map(renderPart),
    `last seal ${seal}`,
  ];
}
