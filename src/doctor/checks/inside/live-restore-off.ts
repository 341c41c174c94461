import { shellQuote, visible } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";

/** Asked only where it matters: containers run that nothing would start again. */
export const liveRestoreOff = defineCheck({
  id: "live-restore-off",
  states: "no container stays down after a restart of dockerd",
  needs: ["inside"],
  severity: "info",
  consequence:
    "renewing a certificate or upgrading docker restarts dockerd, and these containers do not start again",
  reference: "https://docs.docker.com/engine/daemon/live-restore/",
  run: ({ inside }) => {
    const { engine, containers } = inside.facts;
    const lost = containers.filter(({ restart }) => restart === "" || restart === "no");
    if (!engine || engine.liveRestore || lost.length === 0) return [];
    const [first] = lost;
    return [
      {
        where: visible(inside.facts.daemonJson.path),
        says: `live-restore is off: a restart of dockerd stops ${lost.length === 1 ? "one container" : `${lost.length} containers`} and does not start ${lost.length === 1 ? "it" : "them"} again`,
        evidence: lost.slice(0, 10).map(({ name }) => visible(`${name} runs, restart policy "no"`)),
        fix: [
          `docker update --restart unless-stopped ${shellQuote(visible(first?.name ?? ""))}   # for each container that must start again`,
          'set "live-restore": true in daemon.json, then: systemctl reload docker.service   # on the host',
        ],
      },
    ];
  },
});
