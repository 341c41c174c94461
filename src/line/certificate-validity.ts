/**
 * When a certificate is valid, read from its DER (X.690, RFC 5280 §4.1). `tetherdock env` needs only that at every
 * shell's start, and node:crypto, which reads everything else, takes 5 ms to load. The certificate itself is read, so
 * whoever renewed it, nothing else has to be kept in step.
 */
import { DAY_MS } from "../base/index.ts";

export interface Validity {
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

const SEQUENCE = 0x30;
const VERSION = 0xa0;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

/** One value: its tag, and where its content is. */
interface Value {
  readonly tag: number;
  readonly start: number;
  readonly end: number;
}

/** @returns undefined where no complete value is */
function valueAt(der: Buffer, at: number, limit: number): Value | undefined {
  const [tag, first] = [der[at], der[at + 1]];
  if (tag === undefined || first === undefined) return undefined;
  const more = first < 0x80 ? 0 : first & 0x7f;
  // The indefinite form is not DER, and no certificate takes more than four bytes of length.
  if (first === 0x80 || more > 4 || at + 2 + more > limit) return undefined;
  const start = at + 2 + more;
  const end = start + (more === 0 ? first : der.readUIntBE(at + 2, more));
  return end <= limit ? { tag, start, end } : undefined;
}

/** RFC 5280: always UTC with seconds; two-digit years are 1950 to 2049. */
function timeOf(der: Buffer, { tag, start, end }: Value): number {
  if (tag !== UTC_TIME && tag !== GENERALIZED_TIME) return Number.NaN;
  const text = der.toString("latin1", start, end);
  const digits = tag === GENERALIZED_TIME ? text : `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text}`;
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(digits);
  if (!parts) return Number.NaN;
  const [, year, month, day, hour, minute, second] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/** The validity follows the version, if there is one, the serial number, the algorithm and the issuer. */
function validityIn(der: Buffer): Value | undefined {
  const certificate = valueAt(der, 0, der.length);
  const signed = certificate && valueAt(der, certificate.start, certificate.end);
  if (certificate?.tag !== SEQUENCE || signed?.tag !== SEQUENCE) return undefined;
  let value = valueAt(der, signed.start, signed.end);
  for (let left = value?.tag === VERSION ? 4 : 3; value && left > 0; left--)
    value = valueAt(der, value.end, signed.end);
  return value?.tag === SEQUENCE ? value : undefined;
}

const BEGIN = "-----BEGIN CERTIFICATE-----";

/**
 * @param pem one certificate; with a chain, the first is read
 * @returns undefined where it cannot be read
 */
export function readValidity(pem: string): Validity | undefined {
  const begin = pem.indexOf(BEGIN);
  const end = begin < 0 ? -1 : pem.indexOf("-----END", begin);
  if (end < 0) return undefined;
  const der = Buffer.from(pem.slice(begin + BEGIN.length, end), "base64");
  const validity = validityIn(der);
  const from = validity && valueAt(der, validity.start, validity.end);
  const until = validity && from && valueAt(der, from.end, validity.end);
  if (!from || !until) return undefined;
  const [notBefore, notAfter] = [timeOf(der, from), timeOf(der, until)];
  return Number.isNaN(notBefore + notAfter) ? undefined : { notBefore, notAfter };
}

/** `up` renews from here on. The same as RENEWAL_WINDOW_MS of src/pki, which `tetherdock env` has no time to load. */
export const WARNING_MS = 30 * DAY_MS;

/** How long before its end a certificate is worth a warning, ms: 30 days, or the last third of a shorter life. */
export function warningWindow({ notBefore, notAfter }: Validity): number {
  return Math.min(WARNING_MS, (notAfter - notBefore) / 3);
}
