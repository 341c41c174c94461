/**
 * Renewals of one key's certificate, and how a copied key shows (ADR 0031). Each renewal raises the generation. A request
 * with the certificate of an earlier generation comes from a second holder of the key, unless it is the request that the
 * renewal answered: the answer may have been lost.
 */
import { DAY_MS, json } from "../../base/index.ts";
import { readInstant } from "../client.ts";

/** An expired certificate can be renewed for this long. */
export const RECOVERY_WINDOW_MS = 30 * DAY_MS;
/** How many expired certificates of one key can be renewed in {@link RECOVERY_PERIOD_MS}. */
export const MAX_RECOVERIES = 3;
export const RECOVERY_PERIOD_MS = 365 * DAY_MS;

/** A certificate of an earlier generation was shown with another request. */
export interface CopySign {
  /** ISO 8601. */
  readonly at: string;
  readonly address: string;
}

/** The record of one key, kept by the gateway. */
export interface Renewal {
  /** 1 after the first renewal. */
  readonly generation: number;
  /** ISO 8601. */
  readonly at: string;
  /** SHA-256 of the certificate that the last renewal issued; null: any certificate of the key may be renewed. */
  readonly current: string | null;
  /** SHA-256 of the certificate that was shown for it. */
  readonly replaced: string | null;
  /** SHA-256 of the secret of the request that it answered. */
  readonly request: string | null;
  /** The certificate itself, PEM: sent again for the same request. */
  readonly certificate: string;
  /** When expired certificates were renewed, ISO 8601, the latest last. */
  readonly recoveries: readonly string[];
  readonly copy: CopySign | null;
  /** SHA-256 of the key of the CA that the client has said to trust, as the line's next; null: it has not. */
  readonly trusts: string | null;
}

/** What a machine shows when it asks. Times are milliseconds since the epoch. */
export interface RenewalAsked {
  /** SHA-256 of its certificate. */
  readonly shown: string;
  readonly notAfter: number;
  /** SHA-256 of the request's secret. */
  readonly request: string;
}

export type RenewalRefusal = "expired-long-ago" | "recovered-too-often";

export type Judged =
  | { readonly again: Renewal }
  | { readonly issue: { readonly generation: number; readonly recoveries: readonly string[] } }
  | { readonly refused: RenewalRefusal }
  | { readonly copied: true };

/** @param record null: the key has never been renewed @param now milliseconds since the epoch */
export function judgeRenewal(
  record: Renewal | null,
  { shown, notAfter, request }: RenewalAsked,
  now: number,
): Judged {
  const { current = null, replaced = null, generation = 0, recoveries = [] } = record ?? {};
  if (record !== null && current !== null) {
    if (record.request === request && (shown === replaced || shown === current)) return { again: record };
    if (shown !== current) return { copied: true };
  }
  const recent = recoveries.filter((at) => Date.parse(at) > now - RECOVERY_PERIOD_MS);
  const next = generation + 1;
  if (now <= notAfter) return { issue: { generation: next, recoveries: recent } };
  if (now > notAfter + RECOVERY_WINDOW_MS) return { refused: "expired-long-ago" };
  if (recent.length >= MAX_RECOVERIES) return { refused: "recovered-too-often" };
  return { issue: { generation: next, recoveries: [...recent, new Date(now).toISOString()] } };
}

/** After an admin let the client in again: any certificate of the key may be renewed, and recoveries count anew. */
export function forgiven(record: Renewal): Renewal {
  return { ...record, current: null, replaced: null, request: null, recoveries: [], copy: null };
}

const MAX_GENERATION = 1_000_000_000;
const hashOrNull = { read: json.orNull(json.sha256) };

const fields: json.Fields<Omit<Renewal, "trusts">> = {
  generation: { read: json.count(MAX_GENERATION) },
  at: { read: readInstant },
  current: hashOrNull,
  replaced: hashOrNull,
  request: hashOrNull,
  certificate: { read: json.words(8_192) },
  recoveries: { read: json.list(readInstant, MAX_RECOVERIES) },
  copy: {
    read: json.orNull(
      json.object<CopySign>({ at: { read: readInstant }, address: { read: json.words(100) } }),
    ),
  },
};

const readPlain = json.object<Omit<Renewal, "trusts"> & { readonly version: number }>({
  version: { read: json.only(1) },
  ...fields,
});

/** Only of a client that trusts a new CA: an older gateway can read all others. */
const readTrusting = json.object<Renewal & { readonly version: number }>({
  version: { read: json.only(2) },
  ...fields,
  trusts: { read: json.sha256 },
});

/** @returns the record, or what is wrong with the text */
export function parseRenewal(
  text: string,
): { readonly value: Renewal } | { readonly problems: readonly string[] } {
  const trusting = json.read(text, readTrusting);
  const read = "value" in trusting ? trusting : json.read(text, readPlain);
  if ("problems" in read) return read;
  const { version: _, ...value } = { trusts: null, ...read.value };
  return { value };
}

export function formatRenewal(record: Renewal): string {
  const { trusts, ...others } = record;
  const kept = trusts === null ? { version: 1, ...others } : { version: 2, ...others, trusts };
  return `${JSON.stringify(kept, null, 2)}\n`;
}

/** Stores the records of one gateway, which is the only one that changes them. Keys are fingerprints of clients' keys. */
export interface RenewalStore {
  /** @returns null: there is none @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN */
  read(key: string): Promise<Renewal | null>;
  /** @throws FILE_FAILED */
  write(key: string, record: Renewal): Promise<void>;
  /** What an admin has signed for this key, PEM; null: nothing. @throws FILE_FAILED */
  signed(key: string): Promise<string | null>;
  /** @throws FILE_FAILED */
  keepSigned(key: string, certificate: string): Promise<void>;
  /** Both. @throws FILE_FAILED */
  remove(key: string): Promise<void>;
}
