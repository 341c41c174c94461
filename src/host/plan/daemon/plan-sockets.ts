/**
 * Socket units that pass TCP to docker.service. Such a listener may speak plain HTTP whatever the daemon's flags say
 * (pitfall 2), so none stays: the daemon itself listens on TCP, not systemd.
 */
import {
  DROP_IN_NAME,
  type HostFacts,
  inetPort,
  mergedList,
  type SocketFact,
  UNIT_DIRECTORY,
} from "../../../facts/index.ts";
import { type Change, writeUnlessSame } from "../change.ts";
import { HEADER } from "../header.ts";

/** The part of a plan that concerns socket units. */
export interface SocketPlan {
  readonly changes: readonly Change[];
  readonly stop: readonly string[];
  readonly restart: readonly string[];
  /** The ports of these units. */
  readonly ports: readonly number[];
}

function removal(socket: SocketFact, ports: readonly number[]): Change[] {
  const reason = `systemd listens on TCP ${ports.join(", ")} and hands it to docker as fd://, where TLS flags may not apply`;
  const links: Change[] = socket.links.map((path) => ({
    kind: "remove",
    path,
    before: null,
    reason: "disabled",
  }));
  const fragment = socket.units[0];
  if (!fragment) return links;
  if (fragment.path.startsWith(`${UNIT_DIRECTORY}/`))
    return [...links, { kind: "remove", path: fragment.path, before: fragment.text, reason }];
  const path = `${UNIT_DIRECTORY}/${socket.unit}`;
  return [...links, { kind: "link", path, target: "/dev/null", reason: `masked: ${reason}` }];
}

function narrowing(socket: SocketFact, ports: readonly number[]): Change[] {
  const path = `${UNIT_DIRECTORY}/${socket.unit}.d/${DROP_IN_NAME}`;
  const streams = mergedList(socket.units, "Socket", "ListenStream").map((assignment) => assignment.value);
  const kept = [...new Set(streams)].filter((stream) => inetPort(stream) === null);
  const after = `${HEADER}[Socket]\nListenStream=\n${kept.map((stream) => `ListenStream=${stream}\n`).join("")}`;
  const reason = `keeps the local socket, gives up TCP ${ports.join(", ")}`;
  return writeUnlessSame(null, { path, after, mode: "644", reason });
}

/** What to do about every socket unit that starts docker.service. */
export function planSockets(facts: HostFacts): SocketPlan {
  const plans = facts.sockets.map((socket) => {
    const ports = socket.listens.map(inetPort).filter((port) => port !== null);
    if (ports.length === 0) return { changes: [], stop: [], restart: [], ports };
    const mixed = ports.length < socket.listens.length;
    return mixed
      ? { changes: narrowing(socket, ports), stop: [], restart: [socket.unit], ports }
      : { changes: removal(socket, ports), stop: [socket.unit], restart: [], ports };
  });
  return {
    changes: plans.flatMap((plan) => plan.changes),
    stop: plans.flatMap((plan) => plan.stop),
    restart: plans.flatMap((plan) => plan.restart),
    ports: plans.flatMap((plan) => plan.ports),
  };
}
