/** What is true of hosts only for a moment after they have joined, or have got a store. */
import { TetherdockError } from "../../../base/index.ts";
import { type OperatedFleet, thresholdOf } from "../../../fleet/index.ts";
import { signCommand } from "../operators/proposals.ts";
import { waitingIn } from "../operators/sign.ts";
import type { FleetPorts } from "../ports.ts";
import { eachAtOnce, type HostResult, tellsItself } from "../push-list.ts";

const START_TRIES = 5;
const START_MS = 800;

/** Its own leaving may still wait for signatures. */
export async function tellLeaving(
  ports: FleetPorts,
  fleet: OperatedFleet,
  joined: ReadonlySet<string>,
): Promise<void> {
  const waiting = thresholdOf(fleet.kept.documents) > 1 ? await waitingIn(ports, fleet) : null;
  if (waiting === null || waiting instanceof TetherdockError) return;
  const leaving = waiting.differences.filter(
    ({ what, name, after }) => what === "host" && after === null && joined.has(name),
  );
  if (leaving.length > 0)
    ports.tell(
      `a change waits for signatures that takes ${leaving.map(({ name }) => name).join(", ")} off the list; ${signCommand(fleet.name, "--drop")} gives it up`,
    );
}

/** The process that reads the store starts once its host knows the store, within a second if it is installed. */
export async function withProcess(
  ports: FleetPorts,
  results: readonly HostResult[],
  told: ReadonlySet<string>,
): Promise<readonly HostResult[]> {
  const isStarting = (one: HostResult) =>
    told.has(one.host) && "fleet" in one && one.fleet?.link?.process === null;
  let hosts = results;
  for (let tries = 0; tries < START_TRIES && hosts.some(isStarting); tries += 1) {
    await ports.pause(START_MS, new AbortController().signal);
    hosts = await eachAtOnce(hosts, async (one) => {
      if (!isStarting(one)) return one;
      const now = await tellsItself(ports, one.host);
      return "fleet" in one && "fleet" in now ? { ...one, fleet: now.fleet } : one;
    });
  }
  return hosts;
}
