import { shellQuote, visible } from "../../../base/index.ts";
import { defineCheck } from "../../check.ts";

const WRITABLE_BY_OTHERS = 0o002;

/** Connecting to a unix socket needs the right to write; reading alone opens nothing (unix(7)). */
export const dockerSocketMode = defineCheck({
  id: "docker-socket-mode",
  states: "only root and the socket's group can connect to docker.sock",
  needs: ["inside"],
  severity: "high",
  consequence: "every user and service on the host can become root with a container that mounts the disk",
  reference: "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
  run: ({ inside }) =>
    inside.modes
      .filter(({ kind, mode }) => kind === "socket" && (Number.parseInt(mode, 8) & WRITABLE_BY_OTHERS) !== 0)
      .map(({ path, mode, owner }) => ({
        where: visible(path),
        says: visible(`every user on the host can connect to ${path}`),
        evidence: [visible(`${path}: mode ${mode}, ${owner}`)],
        fix: [
          `chmod 660 ${shellQuote(visible(path))}   # on the host, as root; lasts until the socket is created again`,
          "systemctl cat docker.socket   # SocketMode=0660 makes it permanent",
        ],
      })),
});
