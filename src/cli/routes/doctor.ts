import { buildCommand } from "@stricli/core";
import type { Context } from "../context.ts";
import type { DoctorFlags } from "../doctor/doctor-flags.ts";
import { jsonFlag, offSwitch } from "./parameters.ts";
import { parsePort } from "./parse-port.ts";

export const doctorRoute = buildCommand<DoctorFlags, string[], Context>({
  loader: () => import("../commands/doctor.ts").then(({ doctor }) => doctor),
  parameters: {
    flags: {
      ssh: {
        kind: "boolean",
        optional: true,
        brief: "Look from inside as well, and fail if that cannot be; unless given, it is tried",
      },
      local: offSwitch("This machine itself, without ssh"),
      port: {
        kind: "parsed",
        parse: parsePort,
        optional: true,
        variadic: true,
        brief: "One more TCP port to look at; may be repeated",
        placeholder: "port",
      },
      all: offSwitch("Show what holds and what was skipped, too"),
      fix: offSwitch("Hand what can be mended safely to up, which shows its plan and asks"),
      json: jsonFlag,
      sarif: offSwitch("Print SARIF 2.1.0"),
    },
    positional: {
      kind: "array",
      parameter: {
        placeholder: "target",
        brief: "A line, user@host, or host:port; else $TETHERDOCK_LINE or the only line",
        parse: String,
      },
    },
  },
  docs: {
    brief: "Find out what is really exposed, and how to mend it",
    fullDescription: [
      "Knocks from outside at 2375, 2376, the line's port and every port that the look from inside finds: in the",
      "clear, without a certificate, with the line's, and with wrong ones. Looks from inside over ssh, changing",
      "nothing. Holds the two against each other, and tells what was seen, what follows, and what to type.",
      "",
      "  tetherdock doctor",
      "  tetherdock doctor core@vps.example --port 8443",
      "  tetherdock doctor 203.0.113.7:2376 --json",
      "",
      "Exit status, by the worst finding: 0 none, or info only; 10 low; 11 medium; 12 high; 13 critical. Below 10",
      "it is an error: the look itself failed.",
    ].join("\n"),
  },
});
