import { isDiskFull } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";

/** Docker fills disks: images, logs, build caches. */
export const diskFull = defineCheck({
  id: "disk-full",
  states: "the host has free space for certificates and a journal",
  needs: ["inside"],
  severity: "medium",
  consequence: "certificates cannot be renewed, changes are not safe, and docker cannot write",
  reference: "https://docs.docker.com/reference/cli/docker/system/prune/",
  run: ({ inside }) => {
    if (!isDiskFull(inside.facts)) return [];
    const free = inside.facts.freeKiB;
    return [
      {
        where: "/etc, /var/lib",
        says: "the host's disk is full",
        evidence: [`free below /etc and /var/lib: ${free.map((kib) => `${kib} KiB`).join(", ")}`],
        fix: ["df -h /etc /var/lib   # on the host", "docker system df   # what docker uses"],
      },
    ];
  },
});
