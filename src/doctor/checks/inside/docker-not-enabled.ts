import { visible } from "../../../base/index.ts";
import { isTcp, nextSettings } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";

const NOT_AT_BOOT = /^(?:disabled|.*-runtime)$/;

/** CoreOS and Flatcar start docker by its local socket, which nobody uses after a reboot. */
export const dockerNotEnabled = defineCheck({
  id: "docker-not-enabled",
  states: "a dockerd that listens on TCP starts at boot",
  needs: ["inside"],
  severity: "medium",
  consequence: "after a reboot, nothing listens on TCP until somebody uses docker on the host",
  reference:
    "https://docs.docker.com/engine/install/linux-postinstall/#configure-docker-to-start-on-boot-with-systemd",
  fixedByUp: true,
  run: (subject) => {
    const { inside } = subject;
    if (inside.facts.service.loadState !== "loaded") return [];
    const { unitFileState } = inside.facts.service;
    const tcp = nextSettings(inside).hosts.filter(isTcp);
    if (tcp.length === 0 || !NOT_AT_BOOT.test(unitFileState)) return [];
    return [
      {
        where: "docker.service",
        says: "docker.service is not enabled: after a reboot, it does not listen on TCP",
        evidence: [
          visible(`systemd: UnitFileState=${unitFileState}`),
          ...tcp.map((host) => visible(`dockerd is configured to listen on ${host}`)),
        ],
        fix: [upCommand(subject), "systemctl enable docker.service   # on the host, as root"],
      },
    ];
  },
});
