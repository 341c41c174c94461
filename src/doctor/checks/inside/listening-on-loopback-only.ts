import { formatEndpoint } from "../../../engine/index.ts";
import { isLoopback } from "../../../facts/index.ts";
import { defineCheck } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { describeListener, isEngine, isLocalOnly, listenersOn } from "../../listening.ts";

/** A host value such as tcp://127.0.0.1:2376: right for a tunnel, wrong for a line. */
export const listeningOnLoopbackOnly = defineCheck({
  id: "listening-on-loopback-only",
  states: "the engine listens on a network address on the line's port",
  needs: ["inside", "line"],
  severity: "medium",
  consequence: "only programs on the host can connect",
  reference: "https://docs.docker.com/reference/cli/dockerd/#daemon-socket-option",
  fixedByUp: true,
  run: (subject) => {
    const { inside, line } = subject;
    if (isLoopback(line.endpoint.host)) return [];
    const own = listenersOn(inside, line.endpoint.port).filter(({ holders }) => holders.some(isEngine));
    if (own.length === 0 || !own.every(isLocalOnly)) return [];
    return [
      {
        where: formatEndpoint(line.endpoint),
        says: `the engine listens on TCP ${line.endpoint.port} on loopback only`,
        evidence: own.map(describeListener),
        fix: [upCommand(subject)],
      },
    ];
  },
});
