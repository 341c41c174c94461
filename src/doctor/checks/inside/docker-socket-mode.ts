import { shellQuote, visible } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";

const WRITABLE_BY_OTHERS = 0o002;

/** Connecting to a unix socket needs the right to write; reading alone opens nothing (unix(7)). */
export const dockerSocketMode = defineCheck({
  id: "docker-socket-mode",
  states: "only root and the socket's group can connect to docker.sock",
  needs: ["inside"],
  severity: "high",
  consequence: "every user and every service on the host is root by way of a container that mounts the disk",
  reference: "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
  run: ({ inside }) =>
    inside.modes
      .filter(({ kind, mode }) => kind === "socket" && (Number.parseInt(mode, 8) & WRITABLE_BY_OTHERS) !== 0)
      .map(({ path, mode, owner }) => ({
        where: visible(path),
        says: visible(`every user of the host can connect to ${path}`),
        evidence: [visible(`${path}: mode ${mode}, ${owner}`)],
        fix: [
          `chmod 660 ${shellQuote(visible(path))}   # on the host, as root; until the socket is made anew`,
          "systemctl cat docker.socket   # SocketMode=0660 is what makes it last",
        ],
      })),
});
