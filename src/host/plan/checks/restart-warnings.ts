/** The effect of a docker restart on running containers. */
import { counted, someOf } from "../../../base/index.ts";
import type { HostFacts } from "../../../facts/index.ts";

/** A user with more of them knows their names. */
const MAX_NAMES = 8;

function namesOf(containers: HostFacts["containers"]): string {
  return someOf(
    containers.map(({ name }) => name),
    MAX_NAMES,
  );
}

function containersOf(containers: HostFacts["containers"]): string {
  return counted(containers.length, "running container");
}

/** @returns one sentence each; none when nothing stops */
export function restartWarnings(facts: HostFacts): string[] {
  if (facts.containers.length === 0 || facts.engine?.liveRestore) return [];
  const back = facts.containers.filter(({ restart }) => restart !== "" && restart !== "no");
  const gone = facts.containers.filter((container) => !back.includes(container));
  return [
    ...(gone.length > 0
      ? [`restarting docker stops ${containersOf(gone)}, not started again: ${namesOf(gone)}`]
      : []),
    ...(back.length > 0
      ? [`restarting docker stops and starts ${containersOf(back)}: ${namesOf(back)}`]
      : []),
    'to keep containers running through restarts of docker, set "live-restore": true in daemon.json and reload docker first',
  ];
}
