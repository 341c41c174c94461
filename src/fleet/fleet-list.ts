/** What a fleet's operators sign: who may use its engines, whose keys are revoked, and which hosts there are. */
import { json } from "../base/index.ts";
import { type Client, readClient } from "../identity/index.ts";
import { readCertificate } from "../pki/index.ts";
import { type FleetRole, readFleetRoles } from "./roles.ts";
import { readStoreAddress, type StoreAddress } from "./store/address.ts";
import { readHostName } from "./store/receipt.ts";
import { readReceiptKey } from "./store/signed-receipt.ts";

/** A host of the fleet, as its clients need to know it. */
export interface FleetHost {
  /** The name of the operator's line. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** Certificate of the CA that its server certificate is issued by, PEM. */
  readonly ca: string;
  /** Verifies its receipts (store/signed-receipt.ts); undefined: it has joined with an older tetherdock. */
  readonly receiptKey?: string | undefined;
}

export interface FleetList {
  readonly name: string;
  /** Certificate of the CA for the fleet's clients, PEM. It issues client certificates only. */
  readonly ca: string;
  readonly clients: readonly Client[];
  /** Role files, as they were written. A host that cannot read one refuses whoever has that role. */
  readonly roles: readonly FleetRole[];
  /** SHA-256 of revoked public keys. No key ever leaves this list. */
  readonly revoked: readonly string[];
  readonly hosts: readonly FleetHost[];
  /** Where the hosts get newer lists; null: from admins only. */
  readonly store: StoreAddress | null;
}

/** More than these, and the list no longer fits into one call of the admin API. */
export const MOST_CLIENTS = 5_000;
export const MOST_REVOKED = 10_000;
/** Keys that one operator alone may revoke between two lists: every client's. */
export const MOST_REVOKED_ALONE = MOST_CLIENTS;
export const MOST_HOSTS = 1_000;

const FLEET_NAME = /^[a-z0-9][a-z0-9-]{0,31}$/;
export const readFleetName = json.matching(
  FLEET_NAME,
  "1 to 32 of lower-case letters, digits and -, beginning with a letter or digit",
);

const readAuthority: json.Read<string> = (value, at, complain) => {
  const text = json.words(8_192)(value, at, complain);
  if (text === undefined) return undefined;
  try {
    if (readCertificate(text).isAuthority) return text;
  } catch {
    // Whatever is wrong with it, it is not the certificate of a CA.
  }
  return void complain(at, "must be the certificate of a CA, PEM");
};

/**
 * A host's CA is only for who connects to it, and the operator's machine has read it. Parsing a certificate takes half a
 * millisecond: with a thousand hosts, every one of them would take half a second for each list.
 */
const readPem = json.matching(
  /^-----BEGIN CERTIFICATE-----\n[A-Za-z0-9+/=\n]{1,8000}\n-----END CERTIFICATE-----\n?$/,
  "a certificate, PEM",
);

const readHosts = json.list(
  json.object<FleetHost>({
    name: { read: readHostName },
    address: { read: json.matching(/^[0-9A-Za-z.:-]{1,253}$/, "a name or an address") },
    port: { read: json.count(65_535) },
    ca: { read: readPem },
    receiptKey: { read: readReceiptKey, optional: { value: undefined } },
  }),
  MOST_HOSTS,
);

const readHostsForm = json.object<{ readonly version: number; readonly hosts: readonly FleetHost[] }>({
  version: { read: json.only(1) },
  hosts: { read: readHosts },
});

const readRevokedForm = json.object<{ readonly version: number; readonly revoked: readonly string[] }>({
  version: { read: json.only(1) },
  revoked: { read: json.list(json.sha256, MOST_REVOKED_ALONE) },
});

const readFields = json.object<FleetList & { readonly version: number }>({
  version: { read: json.only(1) },
  name: { read: readFleetName },
  ca: { read: readAuthority },
  clients: { read: json.list(readClient, MOST_CLIENTS) },
  roles: { read: readFleetRoles, optional: { value: [] } },
  revoked: { read: json.list(json.sha256, MOST_REVOKED) },
  // Fleets had them here, and older gateways want to read them.
  hosts: { read: readHosts },
  store: { read: json.orNull(readStoreAddress), optional: { value: null } },
});

/** The first value that is there twice. */
function twice(values: readonly string[]): string | undefined {
  const seen = new Set<string>();
  return values.find((one) => seen.size === seen.add(one).size);
}

type ReadList = { readonly value: FleetList } | { readonly problems: readonly string[] };

/** The keys of `revocations.json`. @returns none: it cannot be read */
export function readRevoked(text: string): readonly string[] {
  const read = json.read(text, readRevokedForm);
  return "problems" in read ? [] : read.value.revoked;
}

export function formatRevoked(revoked: readonly string[]): string {
  return `${JSON.stringify({ version: 1, revoked })}\n`;
}

/**
 * What one operator alone revokes counts for clients of a list only: a thief with their key could make up others without end, and
 * use up the room for revocations.
 * @param keys from one operator @returns those that a client of the list has
 */
export function ofClients({ clients }: FleetList, keys: readonly string[]): readonly string[] {
  const out = new Set(keys);
  return clients.flatMap(({ fingerprint }) => fingerprint ?? []).filter((key) => out.has(key));
}

/** The list, and keys that were revoked since it was signed. */
export function withRevoked(list: FleetList, keys: readonly string[]): FleetList {
  const out = new Set(keys);
  const clients = list.clients.map((one) =>
    out.has(one.fingerprint ?? "") ? ({ ...one, state: "revoked" } as const) : one,
  );
  return { ...list, clients, revoked: [...new Set([...list.revoked, ...keys])] };
}

/**
 * @param hosts `hosts.json`; undefined: the reader does not have it
 * @param revoked `revocations.json`, which only adds revoked keys of the list's clients
 * @returns the list, or the problems, at most 50
 */
export function readFleetList(text: string, hosts?: string, revoked?: string): ReadList {
  const added = revoked === undefined ? null : json.read(revoked, readRevokedForm);
  if (added !== null && "problems" in added) return { problems: added.problems };
  const read = json.read(text, readFields);
  if ("problems" in read) return { problems: read.problems };
  const others = hosts === undefined ? read : json.read(hosts, readHostsForm);
  if ("problems" in others) return { problems: others.problems };
  const { version: _, ...list } = { ...read.value, hosts: others.value.hosts };
  const keys = list.clients.flatMap(({ fingerprint }) => fingerprint ?? []);
  const problems = [
    ...(keys.length < list.clients.length ? ["every client of a fleet has a key"] : []),
    ...[
      twice(list.clients.map(({ name }) => name)),
      twice(keys),
      twice(list.hosts.map(({ name }) => name)),
      twice(list.roles.map(({ name }) => name)),
    ]
      .filter((one) => one !== undefined)
      .map((one) => `${one} is there twice`),
  ];
  // Another operator may have made the list without knowing of a revocation: the key counts, not the client's state.
  const revokedKeys = [...list.revoked, ...(added?.value.revoked ?? [])];
  return problems.length > 0 ? { problems } : { value: withRevoked(list, ofClients(list, revokedKeys)) };
}

/** Without a store and roles, the form is the one that older gateways read too. They refuse what they do not know. */
export function formatFleetList({ store, roles, ...list }: FleetList): string {
  const more = { ...(roles.length === 0 ? {} : { roles }), ...(store === null ? {} : { store }) };
  const form = { version: 1, ...list, hosts: [], ...more };
  return `${JSON.stringify(form)}\n`;
}

export function formatFleetHosts({ hosts }: FleetList): string {
  return `${JSON.stringify({ version: 1, hosts })}\n`;
}
