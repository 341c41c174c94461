/** Options of `client` and its commands. */
import { parseDuration } from "../../base/index.ts";
import { DEFAULT_ROLE, PRESET_NAMES, ROLE_NAMES } from "../../policy/index.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { expiresFlag, jsonFlag, lineFlag, offSwitch, roleFlag, timeFlag } from "../flags/parameters.ts";

/** For commands that change one client. */
export const changeFlags = { line: lineFlag, json: jsonFlag } as const;

export const revokeFlags = {
  line: lineFlag,
  dryRun: offSwitch("Native mode: show the plan and change nothing"),
  yes: offSwitch("Native mode: do not ask"),
  json: jsonFlag,
} as const;

export const listFlags = { line: lineFlag, json: jsonFlag } as const;

export const thingsFlags = {
  line: lineFlag,
  removed: offSwitch("Only what belongs to no client on the list"),
  json: jsonFlag,
} as const;

const ROLE_BRIEF = `Role of the client: ${ROLE_NAMES.join(", ")}, or one of this gateway's own`;

export const inviteFlags = {
  line: lineFlag,
  role: { ...roleFlag, optional: true, brief: `${ROLE_BRIEF} (default: ${DEFAULT_ROLE})` },
  expires: expiresFlag,
  for: {
    kind: "parsed",
    parse: parseDuration,
    optional: true,
    brief: "How long the token works, at most 24h (default: 10m)",
    placeholder: "time",
  },
  approve: offSwitch("Sign for the key here, with client approve: the host then needs no CA"),
  qr: offSwitch("Show the token as a QR code too, on stderr"),
  json: jsonFlag,
} as const;

export const showFlags = {
  line: lineFlag,
  since: { ...timeFlag, brief: "Show what it did since: 90s, 24h, 7d ago (default), or 2026-01-31T08:00Z" },
  until: { ...timeFlag, brief: "Show what it did until this time (default: now)" },
  json: jsonFlag,
} as const;

export const addFlags = {
  line: lineFlag,
  publicKey: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "The client's public key, PEM; never a private key",
    placeholder: "file",
  },
  for: {
    kind: "enum",
    values: PRESET_NAMES,
    optional: true,
    brief: "Make the key here, with the role, files and settings for this tool",
    placeholder: "tool",
  },
  role: { ...roleFlag, optional: true, brief: `${ROLE_BRIEF} (default: ${DEFAULT_ROLE}, or the tool's)` },
  expires: expiresFlag,
  out: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief:
      "Folder for ca.pem and cert.pem (default: print the certificate; with --for: a new folder of the client's name)",
    placeholder: "folder",
  },
  oidc: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "Let in jobs of a CI service by their OIDC tokens: github, gitlab, or the issuer's URL",
    placeholder: "issuer",
  },
  claim: {
    kind: "parsed",
    parse: String,
    optional: true,
    variadic: true,
    brief: "With --oidc: what a token must say, such as repository=org/app; may be repeated",
    placeholder: "name=value",
  },
  audience: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "With --oidc: the audience of tokens (default: tetherdock:ADDRESS:PORT)",
    placeholder: "text",
  },
  life: {
    kind: "parsed",
    parse: parseDuration,
    default: "10m",
    brief: "With --oidc: how long a job's certificate lasts",
    placeholder: "time",
  },
  issuerCa: {
    kind: "parsed",
    parse: String,
    optional: true,
    brief: "With --oidc: CA of the issuer's server, PEM (default: public CAs)",
    placeholder: "file",
  },
} as const;

export type ChangeFlags = FlagsOf<typeof changeFlags>;
export type RevokeFlags = FlagsOf<typeof revokeFlags>;
export type ListFlags = FlagsOf<typeof listFlags>;
export type ThingsFlags = FlagsOf<typeof thingsFlags>;
export type InviteFlags = FlagsOf<typeof inviteFlags>;
export type ShowFlags = FlagsOf<typeof showFlags>;
export type AddFlags = FlagsOf<typeof addFlags>;
