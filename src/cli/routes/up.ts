import { buildCommand } from "@stricli/core";
import { parseDuration } from "../../base/index.ts";
import { parseLineName } from "../../line/index.ts";
import { lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import type { UpFlags } from "../up/up-flags.ts";
import { jsonFlag, offSwitch } from "./parameters.ts";
import { parsePort } from "./parse-port.ts";

const text = (brief: string, placeholder: string) =>
  ({ kind: "parsed", parse: String, optional: true, brief, placeholder }) as const;

export const upRoute = buildCommand<UpFlags, [string?], Context>({
  loader: () => import("../commands/up.ts").then(({ up }) => up),
  parameters: {
    flags: {
      name: { ...text("Name of the line; else the host's first label", "name"), parse: parseLineName },
      port: {
        kind: "parsed",
        parse: parsePort,
        optional: true,
        brief: "TCP port for docker, 2376 unless given",
        placeholder: "port",
      },
      address: text("Address that clients dial, if not the one that ssh uses", "address"),
      san: {
        ...text("One more name or address for the certificate, proven too; may be repeated", "name"),
        variadic: true,
      },
      dropSan: {
        ...text("A name or address that --san once gave, and that is not wanted any more", "name"),
        variadic: true,
      },
      acceptHost: {
        ...text("Take this host for this line's, although it cannot prove it (reinstalled, say)", "line"),
        parse: parseLineName,
        proposeCompletions: lineNames,
      },
      local: offSwitch("Set up this machine itself, without ssh"),
      gateway: offSwitch("Put tetherdock's gateway in front of docker: known clients, roles, a record"),
      native: offSwitch("Have dockerd listen itself: nothing of tetherdock runs on the host"),
      replaceTls: offSwitch("Replace TLS that somebody else set up: locks their clients out"),
      encryptCaKey: offSwitch("Protect the CA key with a passphrase ($TETHERDOCK_CA_PASSPHRASE, else asked)"),
      confirmWithin: {
        kind: "parsed",
        parse: parseDuration,
        default: "2m",
        brief: "The host undoes everything unless all is proven within this time",
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
    brief: "Give a host's docker TLS, and prove from here that only you get in",
    fullDescription: [
      "Looks at the host over ssh, shows a plan, carries it out, restarts docker, and proves from here that",
      "your certificate gets in and nothing else does. What is not proven is put back. Run again, it does",
      "nothing unless something has changed.",
      "",
      "  tetherdock up core@vps.example",
      "  tetherdock up ssh://root@203.0.113.7:2222 --name build --san build.example",
      "  tetherdock up core@vps.example --dry-run",
    ].join("\n"),
  },
});
