/** Where a fleet's store is. The signed list says it, so nobody can send a host elsewhere. */
import { json } from "../../base/index.ts";

/** A kind of store: the scheme of its URLs. */
export type StoreKind = "https" | "nats";

export interface StoreAddress {
  /** `https://HOST[:PORT]/PATH`, one; or `nats://HOST[:PORT]` of each server, which are reached over TLS only. */
  readonly urls: readonly string[];
  /** Certificates of the CAs that the servers' certificates are issued by, PEM; null: the public CAs. */
  readonly ca: string | null;
}

const MOST_SERVERS = 8;
const MOST_URL = 512;
/** A few CAs. */
const MOST_CA = 16 * 1024;
const KINDS: Readonly<Record<string, { readonly kind: StoreKind; readonly servers: number }>> = {
  "https:": { kind: "https", servers: 1 },
  "nats:": { kind: "nats", servers: MOST_SERVERS },
};
const RULE = "https://HOST/PATH or nats://HOST:PORT, without a user, a query or a fragment";

/** @returns null: it is no address of a store */
function kindOfUrl(text: string): StoreKind | null {
  // Names in other alphabets look like others: a URL has them as punycode.
  if (text.length > MOST_URL || !/^[\x21-\x7e]+$/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isPlain = [url.username, url.password, url.search, url.hash].every((part) => part === "");
  const known = Object.hasOwn(KINDS, url.protocol) ? KINDS[url.protocol] : undefined;
  return isPlain && url.hostname !== "" ? (known?.kind ?? null) : null;
}

/** All URLs of an address that was read have one kind. */
export function kindOfStore({ urls }: StoreAddress): StoreKind {
  return kindOfUrl(urls[0] ?? "") ?? "https";
}

const readUrls: json.Read<readonly string[]> = (value, at, complain) => {
  const urls = json.list(json.words(MOST_URL), MOST_SERVERS)(value, at, complain);
  if (urls === undefined) return undefined;
  const kinds = new Set(urls.map(kindOfUrl));
  if (kinds.size !== 1 || kinds.has(null)) return void complain(at, `must be ${RULE}`);
  const most = KINDS[new URL(urls[0] ?? "").protocol]?.servers ?? 1;
  return urls.length > most ? void complain(at, `must be ${most} URL`) : urls;
};

export const readStoreAddress = json.object<StoreAddress>({
  urls: { read: readUrls },
  ca: { read: json.orNull(json.words(MOST_CA)) },
});
