import { visible } from "../../../base/index.ts";
import {
  FLEET_LINK,
  FLEET_PATH,
  FLEET_PATH_FILE,
  FLEET_SERVICE,
  FLEET_SERVICE_FILE,
} from "../../../facts/index.ts";
import { defineCheck, type Problem } from "../../check.ts";
import { upCommand } from "../../endpoint-view.ts";
import type { FleetProcess, Inside, Subject } from "../../subject.ts";

const WHY = `journalctl -u ${FLEET_SERVICE} -n 20 --no-pager   # on the host: the reason`;
/** It ends when its gateway has something new to tell it, and systemd starts it again: once or twice is no failure. */
const MANY_STARTS = 3;
const SHORT_LIFE_S = 30;

/** `fleet store` and `fleet join` start it again each time. */
const isToldAnew = (ageS: number | null): boolean => ageS !== null && ageS >= 0 && ageS < SHORT_LIFE_S;

const fails = ({ restarts, upS, storeAgeS }: FleetProcess): boolean =>
  restarts >= MANY_STARTS && (upS ?? 0) < SHORT_LIFE_S && !isToldAnew(storeAgeS);

/** systemd waits a second before it starts it again. */
const runs = ({ state }: FleetProcess): boolean => state === "active" || state === "activating";

function says({ facts: { gateway, ours } }: Inside, process: FleetProcess): string | null {
  if (![FLEET_SERVICE_FILE, FLEET_PATH_FILE].every((path) => ours.files.has(path)))
    return "the fleet process is not installed";
  if (!runs(process)) return "the fleet process is not running";
  if (fails(process)) return `the fleet process fails: systemd has started it ${process.restarts} times`;
  const isKept = gateway.fleet.path.state === "active" && gateway.links.has(FLEET_LINK);
  return isKept ? null : "the fleet process runs, but does not start with the gateway";
}

function problems(subject: Subject, inside: Inside, process: FleetProcess): Problem[] {
  const found = says(inside, process);
  const { path } = inside.facts.gateway.fleet;
  const states = `systemd: ${FLEET_SERVICE} is ${process.state}, ${FLEET_PATH} is ${path.state}`;
  const evidence = [visible(states)];
  return found === null
    ? []
    : [{ where: FLEET_SERVICE, says: found, evidence, fix: [upCommand(subject), WHY] }];
}

/** While the gateway does not run, its fleet process does not either: another check tells that. */
export const fleetProcessNotRunning = defineCheck({
  id: "fleet-process-not-running",
  states: "on a host that gets its fleet's list from a store, the process that reads the store runs",
  needs: ["inside"],
  severity: "medium",
  consequence:
    "the host keeps the list that it has; it gets new clients and revocations only over the operator's line",
  reference: "tetherdock help fleet",
  fixedByUp: true,
  run: (subject) => {
    const { inside } = subject;
    const { process } = inside.fleet;
    const isUp = inside.facts.gateway.service.state === "active";
    return isUp && process !== null ? problems(subject, inside, process) : [];
  },
});
