import { shellJoin, visible } from "../../../base/index.ts";
import { startedAs } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";

/** Changed files take effect only after a reload and a restart. */
export const daemonOlderThanUnit = defineCheck({
  id: "daemon-older-than-unit",
  states: "dockerd runs with the current command line of its unit",
  needs: ["inside"],
  severity: "medium",
  consequence: "the next restart or reboot changes how the API is served",
  reference: "systemd.unit(5), systemctl(1) daemon-reload",
  run: ({ inside }) => {
    if (!inside.facts.service.active) return [];
    const { unitCommandLine: unit, needDaemonReload } = inside;
    const running = inside.facts.commandLine;
    const same = unit.length === 0 || running.length === 0 || startedAs(running, unit);
    if (same && !needDaemonReload) return [];
    const reload = needDaemonReload ? ["systemd: NeedDaemonReload=yes for docker's units"] : [];
    const lines = [`runs:      ${shellJoin(running)}`, `unit says: ${shellJoin(unit)}`].map(visible);
    return [
      {
        where: "docker.service",
        says: same
          ? "docker's units have changed on disk since systemd read them"
          : "the unit's command line has changed since dockerd started",
        evidence: [...(same ? [] : lines), ...reload],
        fix: [
          "systemctl daemon-reload   # on the host, as root",
          ...(same
            ? []
            : ["systemctl restart docker.service   # stops containers unless live-restore is on"]),
        ],
      },
    ];
  },
});
