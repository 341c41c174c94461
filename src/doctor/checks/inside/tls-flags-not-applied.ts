import { shellQuote, visible } from "../../../base/index.ts";
import { formatEndpoint } from "../../../engine/index.ts";
import { runningSettings, verifiesClients } from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import { describeListener, isPlain, listenersOn, socketUnitOn } from "../../listening.ts";
import type { Inside, Subject } from "../../subject.ts";

function problem(inside: Inside, subject: Subject, port: number): Problem {
  const unit = socketUnitOn(inside.facts, port)?.unit;
  const open = subject.endpoints.filter((report) => report.endpoint.port === port && isPlain(report));
  const flags = [...runningSettings(inside).tls].map(([name, value]) => `--${name}=${value}`);
  const passed = unit ? [`${unit} hands TCP ${port} to docker.service as fd://`] : [];
  return {
    where: visible(unit ?? `TCP ${port}`),
    says: `dockerd is configured to require certificates, but TCP ${port} speaks plain HTTP`,
    evidence: [
      visible(`dockerd runs with ${flags.join(" ")}`),
      ...passed,
      ...listenersOn(inside, port).map(describeListener),
      ...open.map(({ endpoint }) => `${formatEndpoint(endpoint)} answers GET /_ping without TLS`),
    ],
    fix: [
      upCommand(subject),
      ...(unit
        ? [
            `systemctl disable --now ${shellQuote(visible(unit))}   # on the host, by hand; dockerd gets its own --host=tcp://`,
          ]
        : []),
    ],
  };
}

/** Pitfall 2: flags, unit and `ps` all look right; only a probe of the listener shows it. */
export const tlsFlagsNotApplied = defineCheck({
  id: "tls-flags-not-applied",
  states: "if dockerd is configured to use TLS, its listeners speak TLS",
  needs: ["inside", "outside"],
  severity: "critical",
  consequence:
    "the configuration looks safe but is not: engines before 1.10 apply TLS to tcp:// only, not to sockets that systemd passes to them",
  reference: "https://github.com/moby/moby/pull/17211",
  fixedByUp: true,
  run: (subject) => {
    const { inside, endpoints } = subject;
    if (!verifiesClients(runningSettings(inside).tls)) return [];
    const ports = new Set(endpoints.filter(isPlain).map(({ endpoint }) => endpoint.port));
    const own = [...ports].filter((port) =>
      // a proxy or a container on the port has not been told anything
      listenersOn(inside, port).some(({ holders }) =>
        holders.some(({ command, pid }) => command === "dockerd" || pid === 1),
      ),
    );
    return own.map((port) => problem(inside, subject, port));
  },
});
