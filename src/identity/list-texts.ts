/** The client list as two texts, `clients.json` and the records of keys beside it, and the order of writing them. */
import { createHash } from "node:crypto";
import { TetherdockError } from "../base/index.ts";
import type { Client, ClientKey } from "./client.ts";
import { formatClients, parseClients } from "./clients-file.ts";
import { type KeyRecord, type KeyRecords, recordsAfter, withRevocations } from "./revocations.ts";
import { formatRevocations, parseRevocations } from "./revocations-file.ts";
import type { KeptClients } from "./store.ts";

/** Paths of the two texts, or other names for them in messages. */
export interface ListPaths {
  readonly clients: string;
  readonly revocations: string;
}

/** Finds the revocations of a list. @param clients path of the list */
export function listPaths(clients: string): ListPaths {
  return { clients, revocations: `${clients.replace(/\.json$/, "")}.revoked.json` };
}

export interface ListTexts {
  readonly clients: string;
  /** undefined: no records have been written yet. */
  readonly revocations: string | undefined;
}

export interface KeptTexts extends KeptClients {
  readonly records: KeyRecords;
}

const revisionOf = ({ clients, revocations }: ListTexts): string =>
  createHash("sha256")
    .update(`${clients}\0${revocations ?? ""}`)
    .digest("hex");

/** @throws GATEWAY_CLIENTS_BROKEN */
export function keptFrom({ clients, revocations }: ListTexts, paths: ListPaths): KeptTexts {
  const records = revocations === undefined ? new Map() : parseRevocations(revocations, paths.revocations);
  const revision = revisionOf({ clients, revocations });
  return { clients: withRevocations(parseClients(clients, paths.clients), records), records, revision };
}

/** What {@link keptFrom} reads of texts that were just written. */
export function keptAfter(texts: ListTexts, clients: readonly Client[], records: KeyRecords): KeptTexts {
  return { clients: withRevocations(clients, records), records, revision: revisionOf(texts) };
}

/** What a change writes, and the records after it. */
export interface ListWrites {
  readonly writes: readonly TextWrite[];
  readonly records: KeyRecords;
}

/** A text to write in place of the old one. */
export interface TextWrite {
  readonly which: keyof ListTexts;
  readonly text: string;
}

/**
 * A list is read up to 4 Mi characters, here and by `up`. Beyond this size it gets no more clients, so that each of those who
 * are on it can still be renamed, get another role, or be revoked.
 */
const FULL_CHARACTERS = 3 * 1024 * 1024;

function full(): TetherdockError {
  return new TetherdockError("GATEWAY_CLIENTS_FULL", "the client list is full", {
    why: ["it has 3 MiB: more than 10,000 clients"],
    hints: ["tetherdock client rm CLIENT   # one that is not needed any more"],
  });
}

const isSame = (one: KeyRecord | undefined, other: KeyRecord): boolean =>
  one?.revoked === other.revoked && one.until === other.until;

function areSame(these: KeyRecords, those: KeyRecords): boolean {
  return these.size === those.size && [...those].every(([key, record]) => isSame(these.get(key), record));
}

/**
 * What to write for a change, in this order: first new revocations, then the list, then the end of old revocations. If
 * the writer stops anywhere, nobody gets in who should stay out.
 * @param now milliseconds since the epoch
 * @throws GATEWAY_CLIENTS_FULL
 */
export function writesFor(
  { clients: before, records }: KeptTexts,
  after: readonly Client[],
  now: number,
): ListWrites {
  const next = recordsAfter(records, before, after, now);
  const shutOut = (key: ClientKey, { revoked, until }: KeyRecord): KeyRecord => ({
    revoked: revoked || records.get(key)?.revoked === true,
    until,
  });
  const both = new Map([...records, ...[...next].map(([key, one]) => [key, shutOut(key, one)] as const)]);
  const text = formatClients(after);
  if (text.length > FULL_CHARACTERS && after.length > before.length) throw full();
  const put = (of: KeyRecords): TextWrite => ({ which: "revocations", text: formatRevocations(of) });
  const writes = [
    ...(areSame(records, both) ? [] : [put(both)]),
    { which: "clients", text } as const,
    ...(areSame(both, next) ? [] : [put(next)]),
  ];
  return { writes, records: next };
}
