/** `doctor` of many hosts: each is visited on its own, several at a time, and a failure at one stops no other. */
import { eachAtOnce, shellJoin, TetherdockError } from "../../base/index.ts";
import { CHECKS, runChecks } from "../../doctor/index.ts";
import { formatEndpoint } from "../../engine/index.ts";
import type { FleetHost } from "../../fleet/index.ts";
import { openFleet } from "../fleet/index.ts";
import { pickLine } from "../lines/index.ts";
import { orAll } from "./doctor.ts";
import { examineOne } from "./examine.ts";
import { type Fleets, readFleets } from "./fleets-here.ts";
import type { ManyPorts, Visited } from "./ports.ts";
import type { ManyRequest } from "./request.ts";
import { findTargets, ofLine, type Target } from "./target.ts";

/** A target that is read when its turn comes: a line that is broken is that host's failure. */
interface Due {
  readonly name: string;
  readonly word: string;
  find(): Promise<Target>;
}

const dueLine = ({ lines }: ManyPorts, name: string): Due => ({
  ...{ name, word: name },
  find: async () => ofLine(name, await lines.read(name)),
});

/** Where no line leads, the fleet's list has the address: from outside it can be probed all the same. */
function dueHost({ name, address: host, port }: FleetHost): Due {
  const target = { name, line: null, way: undefined, host, only: port };
  return { name, word: formatEndpoint({ host, port }), find: async () => target };
}

function requireOneChoice({ words, local, allLines, fleet }: ManyRequest): void {
  const chosen = [
    ...(words.length > 0 ? ["named targets"] : []),
    ...(local ? ["--local"] : []),
    ...(allLines ? ["--all-lines"] : []),
    ...(fleet === undefined ? [] : ["--fleet"]),
  ];
  // A machine without ssh is a target like others.
  if (chosen.length < 2 || (!allLines && fleet === undefined)) return;
  throw new TetherdockError("USAGE", `${chosen.join(" and ")} cannot be used together`, {
    hints: [
      "tetherdock doctor --all-lines",
      shellJoin(["tetherdock", "doctor", "--fleet", fleet ?? "NAME"]),
      "tetherdock doctor web build --at-once 2",
    ],
  });
}

/** @throws USAGE, LINE_NONE, FLEET_UNKNOWN, FLEET_BROKEN, and what {@link findTargets} throws */
async function allDue(ports: ManyPorts, request: ManyRequest): Promise<Due[]> {
  requireOneChoice(request);
  const { allLines, fleet } = request;
  const names = allLines || fleet !== undefined ? await ports.lines.list() : [];
  if (fleet !== undefined) {
    const { hosts } = (await openFleet(ports, fleet)).kept.view.list;
    return hosts.map((host) => (names.includes(host.name) ? dueLine(ports, host.name) : dueHost(host)));
  }
  // Without any line, the same error as for no argument.
  if (allLines)
    return (names.length > 0 ? names : [await pickLine(ports, undefined)]).map((name) =>
      dueLine(ports, name),
    );
  const targets = await findTargets(ports, request).catch(orAll);
  return targets.map((target) => ({ name: target.name, word: target.name, find: async () => target }));
}

/**
 * After an interruption nothing more is begun; what was not visited has that as its error.
 * @returns one for each target, in their order
 * @throws USAGE, LINE_NONE, FLEET_UNKNOWN and the like, before any host is contacted
 */
export async function doctorMany(ports: ManyPorts, request: ManyRequest): Promise<Visited[]> {
  const due = await allDue(ports, request);
  let read: Promise<Fleets> | undefined;
  const fleets = () => (read ??= readFleets(ports));
  let over: TetherdockError | null = null;
  let done = 0;
  return eachAtOnce(request.atOnce, due, async ({ name, word, find }): Promise<Visited> => {
    if (over !== null) return { name, word, error: over };
    let visited: Visited;
    try {
      const subject = { ...(await examineOne(ports, request, await find(), fleets)), name };
      visited = { name, word, report: { subject, results: runChecks(CHECKS, subject) } };
    } catch (error) {
      if (!(error instanceof TetherdockError)) throw error;
      if (error.code === "INTERRUPTED") over ??= error;
      visited = { name, word, error };
    }
    ports.visited(visited, ++done, due.length);
    return visited;
  });
}
