/**
 * What the laptop observed about a line's host when it set up the line. It contains nothing that only the host claims.
 */

/** Where ssh connects for a destination, according to the user's configuration. */
export interface SshPlace {
  /** Name or address, aliases resolved. */
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  /** The name under which known_hosts lists the host's key, if it is another; else null. */
  readonly hostKeyAlias: string | null;
  /** Fingerprints (`SHA256:…`) of the keys that this laptop's known_hosts has for the host. For people to compare. */
  readonly hostKeys: readonly string[];
}

/** The part of `line.json` about the host. */
export interface LineHost {
  /**
   * SHA-256 (hex) of the SubjectPublicKeyInfo of the server key that this laptop signed: it identifies the host. Newest
   * first; there are two while it is not known whether the host confirmed a change. Empty: not recorded.
   */
  readonly serverKeys: readonly string[];
  /** Addresses that the user did not name, where the last proof found that key. */
  readonly reachedAt: readonly string[];
  /** null for this machine itself, or if it was not recorded. */
  readonly ssh: SshPlace | null;
}

/** For lines from versions that did not record the host. */
export const UNRECORDED_HOST: LineHost = { serverKeys: [], reachedAt: [], ssh: null };

type Fields = Readonly<Record<string, (value: unknown) => boolean>>;

function hasExactly(value: unknown, fields: Fields): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const given = value as Record<string, unknown>;
  const names = Object.keys(fields);
  return (
    Object.keys(given).length === names.length &&
    names.every((name) => Object.hasOwn(given, name) && fields[name]?.(given[name]) === true)
  );
}

const matches = (pattern: RegExp) => (value: unknown) => typeof value === "string" && pattern.test(value);
const listOf = (holds: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(holds);
const isText = matches(/^[^\p{Cc}]+$/u);

const SSH: Fields = {
  hostname: isText,
  port: (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) < 65_536,
  user: isText,
  hostKeyAlias: (value) => value === null || isText(value),
  hostKeys: listOf(matches(/^SHA256:[A-Za-z0-9+/]{43}$/)),
};

const HOST: Fields = {
  serverKeys: listOf(matches(/^[0-9a-f]{64}$/)),
  reachedAt: listOf(matches(/^[0-9a-f.:]{2,45}$/)),
  ssh: (value) => value === null || hasExactly(value, SSH),
};

/** Whether a value from a file is a complete {@link LineHost}. */
export function isLineHost(value: unknown): value is LineHost {
  return hasExactly(value, HOST);
}

/** Whether two destinations are the same host for ssh, regardless of the user name. */
export function isSamePlace(one: SshPlace | null, other: SshPlace | null): boolean {
  if (one === null || other === null) return false;
  return (
    one.hostname.toLowerCase() === other.hostname.toLowerCase() &&
    one.port === other.port &&
    one.hostKeyAlias === other.hostKeyAlias
  );
}
