import { shellQuote, visible } from "../../../base/index.ts";
import { nextSettings, type SocketFact, verifiesClients } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { inetPorts, isPlain, portsThatStartDocker } from "../../listening.ts";
import type { Inside } from "../../subject.ts";

/** A port that was not probed, because a probe would start docker: only its flags are known. */
function asleep(inside: Inside, ports: readonly number[]): Pick<Problem, "evidence" | "severity"> {
  const sleeping = portsThatStartDocker(inside).some((port) => ports.includes(port));
  if (!sleeping) return { evidence: [] };
  const isGuarded = verifiesClients(nextSettings(inside).tls);
  const flags = isGuarded ? "with --tlsverify" : "without --tlsverify, so in the clear";
  return {
    evidence: [
      `docker is not running and the first connection would start it, ${flags}; so it was not probed`,
    ],
    ...(!isGuarded && { severity: "critical" }),
  };
}

function problem(inside: Inside, socket: SocketFact, ports: readonly number[]): Omit<Problem, "fix"> {
  const unit = visible(socket.unit);
  const now = socket.active ? "listens" : "is enabled and will listen after the next boot";
  const { evidence, ...severity } = asleep(inside, ports);
  return {
    where: unit,
    says: `${unit} makes systemd listen on TCP ${ports.join(", ")} for docker.service`,
    evidence: [
      `${unit} ${now} on ${ports.map((port) => `TCP ${port}`).join(", ")}`,
      ...socket.units.map(({ path }) => visible(`read in ${path}`)),
      ...evidence,
    ],
    ...severity,
  };
}

/** dockerd itself should listen on TCP, not systemd. */
export const tcpBySystemd = defineCheck({
  id: "tcp-by-systemd",
  states: "dockerd itself listens on TCP, not systemd on its behalf",
  needs: ["inside"],
  severity: "medium",
  consequence:
    "whether TLS applies to such a socket depends on the engine's version and flags; without --tlsverify it speaks plain HTTP, with no warning",
  reference: "https://github.com/moby/moby/pull/17211",
  fixedByUp: true,
  run: (subject) => {
    const { inside, endpoints } = subject;
    // A port that is seen to be plain is api-without-tls: the unit would say the same once more.
    const plain = new Set(endpoints.filter(isPlain).map(({ endpoint }) => endpoint.port));
    return inside.facts.sockets.flatMap((socket) => {
      const ports = inetPorts(socket).filter((port) => !plain.has(port));
      if (ports.length === 0) return [];
      const byHand = `systemctl disable --now ${shellQuote(visible(socket.unit))}`;
      return [
        {
          ...problem(inside, socket, ports),
          fix: [
            upCommand(subject),
            `${byHand}   # on the host, by hand; in docker.socket, remove the ListenStream= line instead`,
          ],
        },
      ];
    });
  },
});
