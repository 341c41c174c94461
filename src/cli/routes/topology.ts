import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import type { TopologyFlags } from "../topology/topology-flags.ts";
import { jsonFlag, offSwitch } from "./parameters.ts";

export const topologyRoute = buildCommand<TopologyFlags, [string?], Context>({
  loader: () => import("../commands/topology.ts").then(({ topology }) => topology),
  parameters: {
    flags: {
      matrix: offSwitch("Who opens the socket and what the flags claim, against what the listener does"),
      ascii: offSwitch("Draw with ASCII characters alone"),
      svg: offSwitch("Print an SVG picture"),
      mermaid: offSwitch("Print a Mermaid flowchart"),
      json: jsonFlag,
      local: offSwitch("This machine itself, without ssh"),
      ssh: {
        kind: "boolean",
        optional: true,
        brief: "Look from inside as well, and fail if that cannot be; unless given, it is tried",
      },
    },
    positional: {
      kind: "tuple",
      parameters: [
        {
          placeholder: "target",
          brief: "A line, user@host, or host:port; else $TETHERDOCK_LINE or the only line",
          parse: String,
          optional: true,
        },
      ],
    },
  },
  docs: {
    brief: "Draw who listens for whom, and what is open",
    fullDescription: [
      "Looks as doctor does, from outside and from inside, changing nothing, and draws every way to the engine: who",
      "comes in, what listens for them (systemd's socket, dockerd itself, a proxy, a container, sshd), and how it is",
      "handed on. What strangers can use is drawn with thick lines, in red, and marked OPEN.",
      "",
      "  tetherdock topology core@vps.example",
      "  tetherdock topology web --matrix",
      "  tetherdock topology web --svg > web.svg",
    ].join("\n"),
  },
});
