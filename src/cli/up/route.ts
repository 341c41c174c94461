import { buildCommand } from "@stricli/core";
import { parseDuration } from "../../base/index.ts";
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";
import { parsePort } from "../flags/parse-port.ts";
import type { UpFlags } from "./up-flags.ts";

const text = (brief: string, placeholder: string) =>
  ({ kind: "parsed", parse: String, optional: true, brief, placeholder }) as const;

export const upRoute = buildCommand<UpFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ up }) => up),
  parameters: {
    flags: {
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
      confirmWithin: {
        kind: "parsed",
        parse: parseDuration,
        default: "2m",
        brief: "The host undoes the change unless it is confirmed within this time",
        placeholder: "time",
      },
      yes: offSwitch("Do not ask"),
      dryRun: offSwitch("Show the plan and change nothing"),
      json: jsonFlag,
    },
    aliases: { y: "yes", n: "dryRun" },
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "user@host",
          brief: "ssh destination, or ssh://user@host:port",
          parse: String,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Set up TLS for docker on a host, and prove that only you get in",
    fullDescription: [
      "Inspects the host over ssh, shows a plan, carries it out, restarts docker, and proves from this machine",
      "that your certificate gets in and nothing else does. If the proof fails, the change is undone. A second run",
      "changes nothing unless something is different.",
      "",
      "  tetherdock up core@vps.example",
      "  tetherdock up ssh://root@203.0.113.7:2222 --name build --san build.example",
      "  tetherdock up core@vps.example --dry-run",
    ].join("\n"),
  },
});
