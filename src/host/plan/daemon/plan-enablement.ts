/**
 * docker.service must start at boot: a connection to the TCP port cannot start it on demand through its local socket.
 */
import { DOCKER_SERVICE, type HostFacts, UNIT_DIRECTORY } from "../../../facts/index.ts";
import type { Change } from "../change.ts";

/** Enables docker.service if it is disabled (CoreOS and Flatcar start it on demand). */
export function planEnablement({ service }: HostFacts): Change[] {
  const fragment = service.units[0];
  if (service.unitFileState !== "disabled" || !fragment) return [];
  const path = `${UNIT_DIRECTORY}/multi-user.target.wants/${DOCKER_SERVICE}`;
  const reason = "docker was started on demand by its local socket; remote clients need it from boot";
  return [{ kind: "link", path, target: fragment.path, reason }];
}
