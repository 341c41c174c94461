import { buildCommand } from "@stricli/core";
import { lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";
import type { TopologyFlags } from "./topology-flags.ts";

export const topologyRoute = buildCommand<TopologyFlags, [string?], Context>({
  loader: () => import("./command.ts").then(({ topology }) => topology),
  parameters: {
    flags: {
      matrix: offSwitch("Compare who opens the socket and what the flags claim with what the listener does"),
      ascii: offSwitch("Draw with ASCII characters only"),
      svg: offSwitch("Print an SVG picture"),
      mermaid: offSwitch("Print a Mermaid flowchart"),
      json: jsonFlag,
      local: offSwitch("Inspect this machine, without ssh"),
      ssh: {
        kind: "boolean",
        optional: true,
        brief: "Require the inspection over ssh, or skip it with --no-ssh (default: try it)",
      },
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "target",
          brief: "A line, user@host, or host:port (default: $TETHERDOCK_LINE or the only line)",
          parse: String,
          proposeCompletions: lineNames,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Draw every path to an engine, and what is open",
    fullDescription: [
      "Inspects the host as doctor does, from outside and from inside, without changing anything, and draws every",
      "path to the engine: who can connect, what listens for them (a systemd socket, dockerd itself, a proxy, a",
      "container, sshd), and how the connection is passed on. Paths open to anybody have thick red lines, marked OPEN.",
      "For a gateway, it also draws the clients with their roles.",
      "",
      "  tetherdock topology core@vps.example",
      "  tetherdock topology web --matrix",
      "  tetherdock topology web --svg > web.svg",
    ].join("\n"),
  },
});
