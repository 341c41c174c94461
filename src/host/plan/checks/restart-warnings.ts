/** What a restart of docker does to the containers that run. */
import type { HostFacts } from "../../../facts/index.ts";

/** @returns one sentence each; none when nothing stops */
export function restartWarnings(facts: HostFacts): string[] {
  if (facts.containers.length === 0 || facts.engine?.liveRestore) return [];
  const names = (containers: HostFacts["containers"]) =>
    containers.map((container) => container.name).join(", ");
  const back = facts.containers.filter(({ restart }) => restart !== "" && restart !== "no");
  const gone = facts.containers.filter((container) => !back.includes(container));
  return [
    ...(gone.length > 0
      ? [`restarting docker stops ${gone.length} running container(s) that will stay stopped: ${names(gone)}`]
      : []),
    ...(back.length > 0 ? [`restarting docker restarts ${back.length} container(s): ${names(back)}`] : []),
    'to keep containers running through restarts of docker, set "live-restore": true in daemon.json and reload docker first',
  ];
}
