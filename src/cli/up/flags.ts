/** Options of `up`: what is asked of the host, and how to talk about it. */
import { parseDuration } from "../../base/index.ts";
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";
import type { FlagsOf } from "../flags/flags-of.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";
import { parseClientName } from "../flags/parse-client-name.ts";
import { parsePort } from "../flags/parse-port.ts";

const text = (brief: string, placeholder: string) =>
  ({ kind: "parsed", parse: String, optional: true, brief, placeholder }) as const;

export const upFlags = {
  name: {
    ...text("Name of the line (default: the first part of the host name)", "name"),
    parse: parseLineName,
  },
  port: {
    kind: "parsed",
    parse: parsePort,
    optional: true,
    brief: "TCP port for docker (default: 2376)",
    placeholder: "port",
  },
  address: text("Address that clients use, if it differs from the ssh address", "address"),
  san: {
    ...text("Another name or address for the certificate, also proven; may be repeated", "name"),
    variadic: true,
  },
  dropSan: {
    ...text("Drop a name or address that was added with --san; may be repeated", "name"),
    variadic: true,
  },
  acceptHost: {
    ...text("Accept this host as the line's host without proof (after a reinstall, for example)", "line"),
    parse: parseLineName,
    proposeCompletions: lineNames,
  },
  local: offSwitch("Set up this machine, without ssh"),
  gateway: offSwitch("Put tetherdock's gateway in front of docker: client list, roles, audit log"),
  native: offSwitch("Let dockerd listen itself; nothing from tetherdock runs on the host"),
  replaceTls: offSwitch("Replace TLS that somebody else set up; locks their clients out"),
  encryptCaKey: offSwitch("Encrypt the CA key with a passphrase ($TETHERDOCK_CA_PASSPHRASE, or asks)"),
  newCa: offSwitch(
    "Offer a new CA, with another key, to a gateway's clients; in native mode, replace it at once",
  ),
  revoke: {
    ...text("With --new-ca in native mode: a client that gets no new certificate; may be repeated", "client"),
    parse: parseClientName,
    variadic: true,
  },
  finishNewCa: offSwitch("Replace the CA by the one that was offered"),
  leaveBehind: offSwitch("With --finish-new-ca: also if clients do not have the new CA yet"),
  confirmWithin: {
    kind: "parsed",
    parse: parseDuration,
    default: "2m",
    brief: "The host undoes the change unless it is confirmed within this time (at most 15m)",
    placeholder: "time",
  },
  yes: offSwitch("Do not ask"),
  dryRun: offSwitch("Show the plan and change nothing"),
  json: jsonFlag,
} as const;

export type UpFlags = FlagsOf<typeof upFlags>;
