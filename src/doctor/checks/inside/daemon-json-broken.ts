import { shellQuote, visible } from "../../../base/index.ts";
import { readDaemonJson } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";

/** An edit without a restart. */
export const daemonJsonBroken = defineCheck({
  id: "daemon-json-broken",
  states: "daemon.json is a JSON object",
  needs: ["inside"],
  severity: "medium",
  consequence: "dockerd cannot start with it: after the next restart or reboot, docker is down",
  reference: "https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file",
  run: ({ inside }) => {
    const { daemonJson, service } = inside.facts;
    const read = readDaemonJson(daemonJson);
    if (read.ok) return [];
    const path = visible(daemonJson.path);
    return [
      {
        where: path,
        says: `${path} is not valid: dockerd ${service.active ? "runs with the settings it read at startup" : "does not run"}`,
        evidence: [visible(read.why.split("\n")[0] ?? "")],
        fix: [
          `dockerd --validate --config-file=${shellQuote(path)}   # on the host, Docker 23 or newer: shows the place`,
          `vi ${shellQuote(path)}   # on the host, as root`,
        ],
      },
    ];
  },
});
