import { visible } from "../../../base/index.ts";
import {
  mergedList,
  parseEnvironmentFile,
  SERVICE_DROP_IN,
  type ServiceFact,
  splitEnvironment,
} from "../../../facts/index.ts";
import { defineCheck, type Problem, type Severity } from "../../check.ts";

/** Who sets DOCKER_OPTS, and to what. */
interface Setting {
  readonly path: string;
  readonly value: string;
}

function inUnits({ units }: ServiceFact): Setting[] {
  return mergedList(units, "Service", "Environment").flatMap(({ path, value }) => {
    const opts = splitEnvironment(value).get("DOCKER_OPTS");
    return opts ? [{ path, value: opts }] : [];
  });
}

function inFiles({ environmentFiles }: ServiceFact): Setting[] {
  return environmentFiles.flatMap(({ path, text }) => {
    const opts = parseEnvironmentFile(text).get("DOCKER_OPTS");
    return opts ? [{ path, value: opts }] : [];
  });
}

function problem({ path, value }: Setting, reason: string, where: string): Problem {
  const severity: Severity = /--tls|-H|--host/.test(value) ? "medium" : "low";
  return {
    where: visible(path),
    says: visible(`DOCKER_OPTS in ${path} has no effect: ${reason}`),
    evidence: [visible(`${path}: DOCKER_OPTS="${value}"`), visible(where)],
    fix: [
      "systemctl cat docker.service   # on the host: which files are read, in which order",
      "systemctl show docker.service -p Environment -p EnvironmentFiles -p ExecStart",
    ],
    severity,
  };
}

function overridden(units: readonly Setting[], files: readonly Setting[]): Problem[] {
  const last = files.at(-1);
  if (!last) return [];
  const lost = [...units, ...files.slice(0, -1)].filter(({ value }) => value !== last.value);
  return lost.map((setting) =>
    problem(
      setting,
      `${last.path} also sets it, and takes precedence`,
      `${last.path}: DOCKER_OPTS="${last.value}"`,
    ),
  );
}

/** Flags that somebody wrote down and dockerd never gets. */
export const dockerOptsWithoutEffect = defineCheck({
  id: "docker-opts-without-effect",
  states: "the value of DOCKER_OPTS reaches dockerd",
  needs: ["inside"],
  severity: "low",
  consequence: "dockerd runs without the intended flags, perhaps without TLS",
  reference: "systemd.exec(5), EnvironmentFile=",
  run: ({ inside }) => {
    const { service } = inside.facts;
    const [units, files] = [inUnits(service), inFiles(service)];
    const [exec] = mergedList(service.units, "Service", "ExecStart");
    if (!exec || /\$\{?DOCKER_OPTS\b/.test(exec.value)) return overridden(units, files);
    // `up` has written the flags out where it could not use the variable
    if (exec.path === SERVICE_DROP_IN) return [];
    return [...units, ...files].map((setting) =>
      problem(setting, "ExecStart does not expand it", `${exec.path}: ExecStart=${exec.value}`),
    );
  },
});
