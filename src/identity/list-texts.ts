/** The client list as two texts: `clients.json`, and beside it what is kept of keys. Which one is written when. */
import { createHash } from "node:crypto";
import type { Client, ClientKey } from "./client.ts";
import { formatClients, parseClients } from "./clients-file.ts";
import { type KeyRecord, type KeyRecords, recordsAfter, withRevocations } from "./revocations.ts";
import { formatRevocations, parseRevocations } from "./revocations-file.ts";
import type { KeptClients } from "./store.ts";

/** Paths of the two, or whatever messages are to call them. */
export interface ListPaths {
  readonly clients: string;
  readonly revocations: string;
}

/** Where the revocations of a list are. @param clients path of the list */
export function listPaths(clients: string): ListPaths {
  return { clients, revocations: `${clients.replace(/\.json$/, "")}.revoked.json` };
}

export interface ListTexts {
  readonly clients: string;
  /** undefined: nobody was ever shut out. */
  readonly revocations: string | undefined;
}

export interface KeptTexts extends KeptClients {
  readonly records: KeyRecords;
}

/** @throws GATEWAY_CLIENTS_BROKEN */
export function keptFrom({ clients, revocations }: ListTexts, paths: ListPaths): KeptTexts {
  const records = revocations === undefined ? new Map() : parseRevocations(revocations, paths.revocations);
  const revision = createHash("sha256")
    .update(`${clients}\0${revocations ?? ""}`)
    .digest("hex");
  return { clients: withRevocations(parseClients(clients, paths.clients), records), records, revision };
}

/** A text that takes the place of another. */
export interface TextWrite {
  readonly which: keyof ListTexts;
  readonly text: string;
}

/**
 * What to write for a change, in this order. Cut off anywhere, nobody is in who should not be: first who goes, then the
 * list, then who comes back.
 * @param now milliseconds since the epoch
 * @throws GATEWAY_CLIENTS_FULL
 */
export function writesFor(
  { clients: before, records }: KeptTexts,
  after: readonly Client[],
  now: number,
): TextWrite[] {
  const next = recordsAfter(records, before, after, now);
  const shutOut = (key: ClientKey, { revoked, until }: KeyRecord): KeyRecord => ({
    revoked: revoked || records.get(key)?.revoked === true,
    until,
  });
  const both = new Map([...records, ...[...next].map(([key, one]) => [key, shutOut(key, one)] as const)]);
  const [was, meanwhile, will] = [records, both, next].map(formatRevocations);
  const put = (text: string | undefined): TextWrite => ({ which: "revocations", text: text ?? "" });
  return [
    ...(meanwhile === was ? [] : [put(meanwhile)]),
    { which: "clients", text: formatClients(after) },
    ...(will === meanwhile ? [] : [put(will)]),
  ];
}
