/** A plan in a few lines: how many files, what restarts, which containers stop, how long docker is down. */
import { counted, visible, wrapText } from "../../base/index.ts";
import type { HostFacts } from "../../facts/index.ts";
import type { Change, FleetAction, GatewayAction, Plan } from "../../host/index.ts";

/** Whether a change replaces an existing file. */
export function isReplaced(change: Change): boolean {
  return change.kind !== "remove" && "before" in change && change.before !== null;
}

function files({ changes }: Plan): string {
  const removed = changes.filter(({ kind }) => kind === "remove").length;
  const changed = changes.filter(isReplaced).length;
  const numbers = { new: changes.length - changed - removed, changed, removed };
  const parts = Object.entries(numbers).filter(([, number]) => number > 0);
  return parts.map(([what, number]) => `${number} ${what}`).join(", ");
}

function sent({ changes }: Plan): string {
  const bytes = changes.reduce(
    (sum, change) => sum + (change.kind === "program" ? change.file.packedBytes : 0),
    0,
  );
  return bytes === 0 ? "" : `the gateway's program, ${megabytes(bytes)}`;
}

/** @returns whole megabytes, rounded up */
export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}

const GATEWAY: Record<GatewayAction, readonly string[]> = {
  none: [],
  start: ["start the gateway"],
  reload: ["reload the gateway"],
  restart: ["restart the gateway"],
  stop: ["stop the gateway"],
};

const FLEET: Record<FleetAction, readonly string[]> = {
  none: [],
  start: ["start the fleet process"],
  stop: ["stop the fleet process"],
};

function services(plan: Plan, { engine }: HostFacts): string {
  return [
    ...plan.stopSockets.map((unit) => `stop ${unit}`),
    ...plan.restartSockets.map((unit) => `restart ${unit}`),
    ...(plan.restart ? [`${engine ? "restart" : "start"} docker`] : []),
    ...GATEWAY[plan.gateway],
    ...FLEET[plan.fleet],
  ].join(", ");
}

/** Containers that a restart of docker stops, and how many of them docker starts again. */
function stopping({ containers, engine }: HostFacts) {
  const all = engine?.liveRestore ? [] : containers;
  return { all, back: all.filter(({ restart }) => restart !== "" && restart !== "no").length };
}

function containers({ restart }: Plan, facts: HostFacts): string {
  if (!restart || !facts.engine) return "";
  if (facts.containers.length === 0) return "none is running";
  const { all, back } = stopping(facts);
  const running = facts.containers.length;
  if (all.length === 0)
    return `${counted(running, "container")} keep${running === 1 ? "s" : ""} running (live-restore)`;
  const gone = all.length - back;
  const fate = [
    ...(back > 0 ? [`${back} start${back === 1 ? "s" : ""} again`] : []),
    ...(gone > 0 ? [`${gone} stay${gone === 1 ? "s" : ""} stopped`] : []),
  ];
  return `${all.length} stop${all.length === 1 ? "s" : ""}: ${fate.join(", ")}`;
}

/** dockerd gives containers 15 seconds to stop before it kills them (its shutdown-timeout). */
function away({ restart }: Plan, facts: HostFacts): string {
  if (!restart) return "is not restarted";
  if (!facts.engine) return "is not running, and is started";
  const slow = stopping(facts).all.length > 0 ? ", up to 15 more while containers stop" : "";
  return `is down for a few seconds${slow}`;
}

const COLUMN = "  containers  ".length;

/** @returns one text a line */
export function summarisePlan(plan: Plan, facts: HostFacts, width: number): string[] {
  const rows = [
    ["files", files(plan)],
    ["sends", sent(plan)],
    ["services", services(plan, facts)],
    ["containers", containers(plan, facts)],
    ["docker", away(plan, facts)],
  ] as const;
  return rows
    .filter(([, text]) => text !== "")
    .flatMap(([name, text]) =>
      wrapText(visible(text), width - COLUMN).map(
        (line, at) => `  ${at === 0 ? name : ""}`.padEnd(COLUMN) + line,
      ),
    );
}

/** What the user must read before answering, however long the plan is: it is part of the question. */
export function planQuestion(plan: Plan, facts: HostFacts): string {
  const { all } = stopping(facts);
  if (!plan.restart || !facts.engine) return "Carry this out?";
  const stop =
    all.length > 0 ? `, and ${counted(all.length, "container")} stop${all.length === 1 ? "s" : ""}` : "";
  return `Docker restarts${stop}. Carry this out?`;
}
