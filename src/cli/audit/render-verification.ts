/** What `audit verify` says of a log that holds. */
import type { AuditVerification } from "../../audit/index.ts";

type Part = AuditVerification["parts"][number];

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

function extentOf({ rotated, begins }: Part): string {
  if (rotated === 0) return "from the beginning";
  const since = begins === null ? "" : ` from ${new Date(begins).toISOString()}`;
  return `only${since}: ${count(rotated, "older file")} rotated away`;
}

function renderPart(part: Part): string {
  const { part: name, records, files } = part;
  return `  ${name.padEnd(8)}  ${count(records, "record")} in ${count(files, "file")}, ${extentOf(part)}`;
}

/** @returns lines; the first says whether it is whole */
export function renderVerification(found: AuditVerification): string[] {
  const { complete, records, files, seal, parts } = found;
  const which = complete ? "every record" : "every record that is kept";
  return [
    `${which} is as it was written: ${records} in ${count(files, "file")}`,
    ...parts.map(renderPart),
    `last seal ${seal}`,
  ];
}
