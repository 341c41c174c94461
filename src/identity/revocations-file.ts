/** The file of revocations beside `clients.json`: one line for each key. */
import { json, TetherdockError } from "../base/index.ts";
import { readInstant } from "./client.ts";
import type { KeyRecord, KeyRecords } from "./revocations.ts";

interface KeyLine extends KeyRecord {
  readonly key: string;
}

const readKey = json.matching(/^(?:[0-9a-f]{64}|name:.{1,64})$/, "a key's fingerprint, or name: and a name");

const readKeys = json.list(
  json.object<KeyLine>({
    key: { read: readKey },
    revoked: { read: json.flag },
    until: { read: json.orNull(readInstant) },
  }),
);

const readFile = json.object<{ version: number; keys: readonly KeyLine[] }>({
  version: { read: json.only(2) },
  keys: { read: readKeys },
});

/** Until November 2026 the file contained only revoked keys, without an end of access. */
const readFirstVersion = json.object<{ version: number; revoked: readonly string[] }>({
  version: { read: json.only(1) },
  revoked: { read: json.list(readKey) },
});

function readRecords(
  source: string,
): { readonly value: KeyRecords } | { readonly problems: readonly string[] } {
  const first = json.read(source, readFirstVersion);
  if ("value" in first)
    return { value: new Map(first.value.revoked.map((key) => [key, { revoked: true, until: null }])) };
  const read = json.read(source, readFile);
  if ("problems" in read) return read;
  return { value: new Map(read.value.keys.map(({ key, revoked, until }) => [key, { revoked, until }])) };
}

/**
 * @param source the file's text
 * @param file its path, for the message
 * @throws GATEWAY_CLIENTS_BROKEN: no list is put in force without its revocations
 */
export function parseRevocations(source: string, file: string): KeyRecords {
  const read = readRecords(source);
  if ("value" in read) return read.value;
  throw new TetherdockError("GATEWAY_CLIENTS_BROKEN", `cannot read the revocations ${file}`, {
    why: read.problems,
    hints: [`fix ${file}; a running gateway keeps the last good list until then`],
  });
}

export function formatRevocations(records: KeyRecords): string {
  const keys = [...records]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, { revoked, until }]) => JSON.stringify({ key, revoked, until }));
  return `{"version":2,"keys":[\n${keys.join(",\n")}\n]}\n`;
}
