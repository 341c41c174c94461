import { visible } from "../../../base/index.ts";
import type { Check } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { inetPorts, isPlain } from "../../listening.ts";

/** The story's second rule: TCP is listened on by the daemon, not by systemd. */
export const tcpBySystemd: Check = {
  id: "tcp-by-systemd",
  states: "TCP is listened on by dockerd itself, not by systemd on its behalf",
  needs: ["inside"],
  severity: "medium",
  consequence:
    "whether TLS applies to such a socket depends on the engine's version and flags: without --tlsverify it is plain, without a warning",
  reference: "https://github.com/moby/moby/pull/17211",
  fixedByUp: true,
  run: (subject) => {
    const { inside, endpoints } = subject;
    // A port that is seen to be plain is api-without-tls: the unit would say the same once more.
    const plain = new Set(endpoints.filter(isPlain).map(({ endpoint }) => endpoint.port));
    return (inside?.facts.sockets ?? []).flatMap((socket) => {
      const ports = inetPorts(socket).filter((port) => !plain.has(port));
      if (ports.length === 0) return [];
      const unit = visible(socket.unit);
      const paths = socket.units.map(({ path }) => visible(`read in ${path}`));
      const now = socket.active ? "listens" : "is enabled and will listen after the next boot";
      return [
        {
          where: unit,
          says: `${unit} makes systemd listen on TCP ${ports.join(", ")} for docker.service`,
          evidence: [`${unit} ${now} on ${ports.map((port) => `TCP ${port}`).join(", ")}`, ...paths],
          fix: [
            upCommand(subject),
            `systemctl disable --now ${unit}   # on the host, by hand; not for docker.socket: there take the ListenStream out`,
          ],
        },
      ];
    });
  },
};
