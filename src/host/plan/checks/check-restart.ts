/** Whether docker.service comes back from a restart. */
import { TetherdockError, visible } from "../../../base/index.ts";
import { freeingCommand, type HostFacts } from "../../../facts/index.ts";
import { restartWarnings } from "./restart-warnings.ts";

/** dockerd leaves these mounted when it ends while a step waits, and does not open them when it starts. */
const OF_A_BUILD = "/buildkit/executor/";

/** A link that cannot be followed here may lead to a pipe. */
const STOPS: ReadonlySet<string> = new Set(["fifo", "symbolic link"]);

/** Which container it is, the mounts do not tell, and dockerd may not answer: all that are mounted count. */
function checkPipes({ userFiles, engine }: HostFacts): void {
  const pipes = userFiles.filter(({ type, folder }) => STOPS.has(type) && !folder.includes(OF_A_BUILD));
  if (pipes.length === 0 || engine?.liveRestore) return;
  throw new TetherdockError("DOCKER_WOULD_WAIT", "a restart of docker might not end", {
    why: pipes
      .slice(0, 4)
      .map(({ folder, name, type }) =>
        visible(`a container has a ${type} at ${folder}/${name}; dockerd may wait for it when it starts`),
      ),
    hints: pipes.slice(0, 4).map(freeingCommand),
  });
}

/**
 * @returns the warnings of a plan that restarts docker
 * @throws DOCKER_WOULD_WAIT
 */
export function checkRestart(facts: HostFacts): string[] {
  checkPipes(facts);
  return restartWarnings(facts);
}
