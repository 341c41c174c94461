import { buildCommand } from "@stricli/core";
import { fleetNames, lineNames } from "../completion/values.ts";
import type { Context } from "../context.ts";
import { jsonFlag, offSwitch } from "../flags/parameters.ts";
import { parsePort } from "../flags/parse-port.ts";
import { parseAtOnce } from "../many-hosts/at-once.ts";
import type { DoctorFlags } from "./doctor-flags.ts";

export const doctorRoute = buildCommand<DoctorFlags, string[], Context>({
  loader: () => import("./command.ts").then(({ doctor }) => doctor),
  parameters: {
    flags: {
      ssh: {
        kind: "boolean",
        optional: true,
        brief: "Require the inspection over ssh, or skip it with --no-ssh (default: try it)",
      },
      local: offSwitch("Inspect this machine, without ssh"),
      port: {
        kind: "parsed",
        parse: parsePort,
        optional: true,
        variadic: true,
        brief: "Another TCP port to probe; may be repeated",
        placeholder: "port",
      },
      allLines: offSwitch("Inspect the hosts of all lines"),
      fleet: {
        kind: "parsed",
        parse: String,
        optional: true,
        brief: "Inspect all hosts of this fleet, from outside only where no line leads",
        placeholder: "fleet",
        proposeCompletions: fleetNames,
      },
      atOnce: {
        kind: "parsed",
        parse: parseAtOnce,
        optional: true,
        brief:
          "How many hosts at a time, at most 32 (default: 8 with --all-lines or --fleet); with more than 1, nothing asks",
        placeholder: "count",
      },
      all: offSwitch("Also show passed and skipped checks"),
      fix: offSwitch("Fix what up can fix; shows the plan and asks first"),
      json: jsonFlag,
      sarif: offSwitch("Print SARIF 2.1.0"),
    },
    positional: {
      kind: "array",
      parameter: {
        placeholder: "target",
        brief:
          "A line, a docker context, user@host, host:port, or a value of DOCKER_HOST (default: $TETHERDOCK_LINE or the only line)",
        parse: String,
        proposeCompletions: lineNames,
      },
    },
  },
  docs: {
    brief: "Find out what is really exposed, and how to fix it",
    fullDescription: [
      "Probes 2375, 2376, the line's port and every port found over ssh from outside: in plain HTTP, without a",
      "certificate, with the line's certificate, and with wrong ones. Inspects the host from inside over ssh, and",
      "changes nothing. Compares the two, and reports what it saw, what that means, and what to type.",
      "",
      "  tetherdock doctor",
      "  tetherdock doctor core@vps.example --port 8443",
      "  tetherdock doctor 203.0.113.7:2376 --json",
      '  tetherdock doctor "$DOCKER_HOST"',
      "  tetherdock doctor --all-lines",
      "",
      "Exit status, by the worst finding: 0 none, or info only; 10 low; 11 medium; 12 high; 13 critical. 1 to 9",
      "is an error: doctor itself failed. With several hosts, it goes on with the others, and the highest status counts.",
    ].join("\n"),
  },
});
