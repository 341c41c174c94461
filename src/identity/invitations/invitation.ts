/** Invitations: who may join a gateway's list with a token that works once, and until when (ADR 0027). */
import { json } from "../../base/index.ts";
import { type Client, readClientName, readInstant, readRoleName } from "../client.ts";
import { type Approval, readApproval } from "./key-request.ts";

export interface Invitation extends Pick<Client, "name" | "role" | "expires"> {
  /** SHA-256 of the token's secret, lower-case hex. The secret itself is never on the host. */
  readonly hash: string;
  /** When the token ends: ISO 8601, UTC. */
  readonly until: string;
  /** SHA-256 of the public key that used the token, as {@link Client.fingerprint}; null: unused. */
  readonly usedBy: string | null;
  /** Key of the admin who has made it, as {@link Client.fingerprint}; null: an admin without one, or it is not known. */
  readonly by: string | null;
  /** null: the gateway lets the key in at once, with a certificate of its own CA. */
  readonly approval: Approval | null;
}

/** Most invitations at a time: more than anybody hands out in a day. */
export const MAX_INVITATIONS = 100;

/** Why a token lets nobody in. */
export type TokenRefusal = "unknown-token" | "expired-token" | "used-token";

const fields: json.Fields<Invitation> = {
  name: { read: readClientName },
  role: { read: readRoleName },
  expires: { read: json.orNull(readInstant) },
  hash: { read: json.sha256 },
  until: { read: readInstant },
  usedBy: { read: json.orNull(json.sha256) },
  by: { read: json.orNull(json.sha256), optional: { value: null } },
  approval: { read: json.orNull(readApproval), optional: { value: null } },
};

interface File {
  readonly version: number;
  readonly invitations: readonly Invitation[];
}

const VERSION = 3;

const readVersion = (version: number) =>
  json.object<File>({
    version: { read: json.only(version) },
    invitations: { read: json.list(json.object<Invitation>(fields), MAX_INVITATIONS) },
  });

const readFile = readVersion(VERSION);

/** Until November 2026, no invitation had to be approved (1), and none said who had made it (2). */
const EARLIER = [readVersion(1), readVersion(2)];

/** @returns the invitations, or what is wrong with the text */
export function parseInvitations(
  text: string,
): { readonly value: readonly Invitation[] } | { readonly problems: readonly string[] } {
  const earlier = EARLIER.map((read) => json.read(text, read)).find((one) => "value" in one);
  const read = earlier ?? json.read(text, readFile);
  return "value" in read ? { value: read.value.invitations } : read;
}

export function formatInvitations(invitations: readonly Invitation[]): string {
  return `${JSON.stringify({ version: VERSION, invitations }, null, 2)}\n`;
}

/** @param now milliseconds since the epoch */
export function isOpen({ until }: Pick<Invitation, "until">, now: number): boolean {
  return now < Date.parse(until);
}

/** Without what has ended, and without what a client was invited with: its token ends. */
export function withoutInvitation(
  invitations: readonly Invitation[],
  name: string,
  now: number,
): readonly Invitation[] {
  return invitations.filter((one) => isOpen(one, now) && one.name !== name);
}

/** @returns null when there are too many */
export function withInvitation(
  invitations: readonly Invitation[],
  invitation: Invitation,
  now: number,
): readonly Invitation[] | null {
  const rest = withoutInvitation(invitations, invitation.name, now);
  return rest.length < MAX_INVITATIONS ? [...rest, invitation] : null;
}

export type Redeemed =
  | { readonly invitation: Invitation }
  | { readonly refused: TokenRefusal; readonly invitation: Invitation | null };

/**
 * Uses a token. The first key that shows it owns it: the same key may show it again until it ends, because an answer can
 * get lost; another key may not.
 * @param hash of the token's secret
 * @param key fingerprint of the public key that the caller has proven to hold
 * @param now milliseconds since the epoch
 */
export function redeem(invitations: readonly Invitation[], hash: string, key: string, now: number): Redeemed {
  const found = invitations.find((one) => one.hash === hash);
  if (!found) return { refused: "unknown-token", invitation: null };
  if (!isOpen(found, now)) return { refused: "expired-token", invitation: found };
  if (found.usedBy !== null && found.usedBy !== key) return { refused: "used-token", invitation: found };
  return { invitation: { ...found, usedBy: key } };
}

/** With one invitation in place of the one that has the same token. */
export function replaced(invitations: readonly Invitation[], by: Invitation): readonly Invitation[] {
  return invitations.map((one) => (one.hash === by.hash ? by : one));
}

/** Stores the invitations of one gateway, which is the only one that changes them. */
export interface InvitationStore {
  /** @throws FILE_FAILED, GATEWAY_CLIENTS_BROKEN */
  read(): Promise<readonly Invitation[]>;
  /** @throws FILE_FAILED */
  write(invitations: readonly Invitation[]): Promise<void>;
}
