/** Options of `fleet` and its commands. */
import { DEFAULT_ROLE, ROLE_NAMES } from "../../policy/index.ts";
import { showFlags } from "../audit/flags.ts";
import { showFlags as clientFlags } from "../client/flags.ts";
import { fleetNames } from "../completion/values.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { expiresFlag, jsonFlag, offSwitch, roleFlag } from "../flags/parameters.ts";

const fleet = {
  kind: "parsed",
  parse: String,
  optional: true,
  brief: "The fleet (default: the only one)",
  placeholder: "fleet",
  proposeCompletions: fleetNames,
} as const;

export const fleetFlags = { fleet, json: jsonFlag } as const;

export const listFlags = { json: jsonFlag } as const;

const host = {
  kind: "parsed",
  parse: String,
  optional: true,
  brief: "Only this host (default: all of the fleet's)",
  placeholder: "host",
} as const;

export const fleetAuditFlags = { fleet, host, json: jsonFlag } as const;

export const fleetShowFlags = {
  ...{ fleet, host },
  ...{ follow: showFlags.follow, client: showFlags.client, since: showFlags.since, json: showFlags.json },
} as const;

const word = (placeholder: string, brief: string) =>
  ({ kind: "parsed", parse: String, optional: true, brief, placeholder }) as const;

export const showClientFlags = {
  ...{ fleet, since: clientFlags.since, until: clientFlags.until, json: jsonFlag },
} as const;

export const storeFlags = {
  store: word(
    "url",
    "Where hosts get newer lists: https://HOST/PATH of a folder that a web server serves, or nats://HOST,…",
  ),
  storeCa: word("file", "CA of the store's certificate, PEM (default: the public CAs)"),
  folder: word("folder", "The folder on this machine that the web server serves"),
  receipts: word(
    "url",
    "Where hosts put their receipts, https (default: nowhere; the hosts are asked over your lines)",
  ),
  receiptsFolder: word("folder", "The folder on this machine where the web server writes receipts"),
} as const;

const { store: _, ...places } = storeFlags;
export const setStoreFlags = {
  ...{ fleet, ...places },
  publicCa: offSwitch("The store's certificate is by a public CA now: forget the one of --store-ca"),
  newCredentials: offSwitch(
    "New secret addresses for the hosts' receipts, also if --receipts is as before; then join the hosts again",
  ),
  json: jsonFlag,
} as const;

export const hostFlags = {
  link: {
    kind: "parsed",
    parse: String,
    brief: "The file that the gateway has written for it",
    placeholder: "file",
  },
} as const;

export const pushFlags = {
  fleet,
  force: offSwitch("Also if another machine has changed the list: this machine's counts from now on"),
  json: jsonFlag,
} as const;

export const openFlags = {
  folder: word("folder", "The folder on this machine that the store's web server serves"),
  receiptsFolder: word("folder", "The folder on this machine where the web server writes receipts"),
} as const;

export const operatorAddFlags = {
  fleet,
  publicKey: {
    kind: "parsed",
    parse: String,
    brief: "The public key that fleet operator key has printed on their machine",
    placeholder: "file",
  },
  out: {
    kind: "parsed",
    parse: String,
    brief: "The file to write for their machine; it is secret",
    placeholder: "file",
  },
  json: jsonFlag,
} as const;

export const operatorRmFlags = {
  fleet,
  force: offSwitch("What was changed on other machines since does not count"),
  json: jsonFlag,
} as const;

export const signFlags = {
  fleet,
  yes: offSwitch("Sign without asking"),
  drop: offSwitch("Give the change up: remove it from the store and this machine"),
  json: jsonFlag,
} as const;

export const roleApplyFlags = {
  fleet,
  yes: offSwitch("Do not ask before a role is replaced"),
  json: jsonFlag,
} as const;

export const joinFlags = {
  fleet,
  replace: offSwitch("A host may take the place of another one that has its name on the fleet's list"),
  json: jsonFlag,
} as const;

export const leaveFlags = {
  fleet,
  force: offSwitch("Take the host off the fleet's list even if it cannot be reached"),
  json: jsonFlag,
} as const;

export const addFlags = {
  fleet,
  publicKey: {
    kind: "parsed",
    parse: String,
    brief: "The client's public key, PEM; never a private key",
    placeholder: "file",
  },
  out: {
    kind: "parsed",
    parse: String,
    brief: "Folder for ca.pem and cert.pem of each host, in a folder of the host's name",
    placeholder: "folder",
  },
  role: {
    ...roleFlag,
    default: DEFAULT_ROLE,
    brief: `Role of the client on every host: ${ROLE_NAMES.join(", ")}, or one of the fleet's or the hosts' own`,
  },
  expires: expiresFlag,
  json: jsonFlag,
} as const;

export const renewFlags = {
  fleet,
  publicKey: addFlags.publicKey,
  out: { ...addFlags.out, brief: "The file to write: the new certificate, PEM", placeholder: "file" },
} as const;

export type FleetAuditFlags = FlagsOf<typeof fleetAuditFlags>;
export type FleetShowFlags = FlagsOf<typeof fleetShowFlags>;
export type StoreFlags = FlagsOf<typeof storeFlags>;
export type SetStoreFlags = FlagsOf<typeof setStoreFlags>;
export type HostFlags = FlagsOf<typeof hostFlags>;
export type ListFlags = FlagsOf<typeof listFlags>;
export type FleetFlags = FlagsOf<typeof fleetFlags>;
export type OpenFlags = FlagsOf<typeof openFlags>;
export type OperatorAddFlags = FlagsOf<typeof operatorAddFlags>;
export type OperatorRmFlags = FlagsOf<typeof operatorRmFlags>;
export type SignFlags = FlagsOf<typeof signFlags>;
export type PushFlags = FlagsOf<typeof pushFlags>;
export type RoleApplyFlags = FlagsOf<typeof roleApplyFlags>;
export type JoinFlags = FlagsOf<typeof joinFlags>;
export type LeaveFlags = FlagsOf<typeof leaveFlags>;
export type RenewFlags = FlagsOf<typeof renewFlags>;
export type AddFlags = FlagsOf<typeof addFlags>;
export type ShowClientFlags = FlagsOf<typeof showClientFlags>;
