/** One entry of a client list. */
import { json } from "../base/index.ts";
import { OWN_ROLE_NAME } from "../policy/index.ts";

/** A person or machine that may use the engine. */
export interface Client {
  /** `anna@laptop`; unique in the list. */
  readonly name: string;
  /**
   * SHA-256 of the key's SubjectPublicKeyInfo, lower-case hex; null for a client that connects only through a local
   * socket.
   */
  readonly fingerprint: string | null;
  /** Name of a role. */
  readonly role: string;
  readonly state: "active" | "revoked";
  /** ISO 8601, UTC; null: access ends with the certificate. */
  readonly expires: string | null;
}

/** Identifies a client in a list: by its key, or by its name if it has no key. */
export type ClientKey = string;

export function clientKey({ fingerprint, name }: Pick<Client, "fingerprint" | "name">): ClientKey {
  return fingerprint ?? `name:${name}`;
}

/** Also the form of names in paths of the admin API. */
export const CLIENT_NAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}$/;

/** Of a client of `lend`, and of the role that is made for it. @param suffix ten hexadecimal digits */
export const lentName = (suffix: string): string => `lend-${suffix}`;

/** Whether {@link lentName} may have made it. */
export const isLentName = (name: string): boolean => /^lend-[0-9a-f]{10}$/.test(name);

/** Reads the name of a client that is on a list, or will be. */
export const readClientName = json.matching(CLIENT_NAME, "the name of a client");

/** Reads the name of a role: whether there is such a role, the gateway knows. */
export const readRoleName = json.matching(/^[a-z][a-z0-9-]{0,31}$/, "the name of a role");

/** Reads the name of a role that somebody has made. */
export const readOwnRoleName = json.matching(
  OWN_ROLE_NAME,
  "the name of a role of your own, such as web-team",
);

/** Reads a time as the files store it. */
export const readInstant: json.Read<string> = (value, at, complain) =>
  typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?Z$/.test(value) &&
  !Number.isNaN(Date.parse(value))
    ? value
    : void complain(at, "must be a time such as 2027-01-31T08:00:00Z");

/** Reads one client, as in the file and in the admin API. */
export const readClient = json.object<Client>({
  name: {
    read: json.matching(
      CLIENT_NAME,
      "1 to 64 of letters, digits and ._@+-, beginning with a letter or digit",
    ),
  },
  fingerprint: { read: json.orNull(json.matching(/^[0-9a-f]{64}$/, "64 hex digits in lower case, or null")) },
  role: { read: readRoleName },
  state: { read: json.oneOf("active", "revoked") },
  expires: { read: json.orNull(readInstant), optional: { value: null } },
});
