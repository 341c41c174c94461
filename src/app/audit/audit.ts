/** `audit`: shows who did what, and verifies the log. */
import type { AuditProblem, AuditVerification } from "../../audit/index.ts";
import { quoteForeign, TetherdockError } from "../../base/index.ts";
import { unknownClient } from "../gateway-api/index.ts";
import { type AuditPlace, findSource, type NamedSource } from "./find-source.ts";
import type { AuditPorts, RecordQuery } from "./ports.ts";

/**
 * A client that was removed from the list is still known by its records.
 * @throws CLIENT_UNKNOWN if neither the list nor any record has this name
 */
async function requireKnown(source: NamedSource, client: string, { signal }: RecordQuery): Promise<void> {
  const names = await source.names();
  if (names.includes(client)) return;
  for await (const _ of source.records({ client, follow: false, signal })) return;
  throw unknownClient(
    `there is no client ${client} ${source.place}`,
    ...([client, names, source.commands] as const),
  );
}

/** @returns records as JSON, oldest first @throws USAGE, LINE_…, CLIENT_UNKNOWN, and what a {@link RecordSource} throws */
export async function* showRecords(
  ports: AuditPorts,
  place: AuditPlace,
  query: RecordQuery,
): AsyncGenerator<string> {
  const source = await findSource(ports, place);
  const { client, follow } = query;
  if (client === undefined) return yield* source.records(query);
  if (follow) await requireKnown(source, client, query);
  let isEmpty = true;
  for await (const record of source.records(query)) {
    isEmpty = false;
    yield record;
  }
  if (isEmpty && !follow) await requireKnown(source, client, query);
}

/** @param seal of an earlier verification; the log must hold it */
export async function verifyRecords(
  ports: AuditPorts,
  place: AuditPlace,
  seal: string | undefined,
): Promise<AuditVerification> {
  return (await findSource(ports, place)).verify(seal);
}

/** One line for each: the file, the line in it, and what is wrong. */
export const problemTexts = (problems: readonly AuditProblem[]): string[] =>
  problems.map(
    ({ file, line, what }) =>
      `${quoteForeign(file)}${line === null ? "" : `, line ${line}`}: ${quoteForeign(what)}`,
  );

/** @throws AUDIT_BROKEN */
export function requireIntact({ ok, problems }: AuditVerification): void {
  if (ok) return;
  throw new TetherdockError("AUDIT_BROKEN", "audit log verification failed", {
    why: problemTexts(problems),
  });
}
