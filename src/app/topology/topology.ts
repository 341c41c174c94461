/** `topology`: inspects one engine as `doctor` does, and concludes who can connect by which path. Changes nothing. */
import { type MatrixRow, matrixOf, type Topology, topologyOf } from "../../topology/index.ts";
import { examine, type VisitRequest } from "../doctor/index.ts";
import { gatewayClients } from "./gateway-clients.ts";
import type { TopologyPorts } from "./ports.ts";

/** What was asked: one target, as for {@link VisitRequest}. */
export interface TopologyRequest extends Pick<VisitRequest, "local" | "ssh"> {
  /** Undefined: this machine with `local`, else the line that is chosen. */
  readonly word: string | undefined;
}

/** The paths to one engine. */
export interface TopologyResult {
  readonly topology: Topology;
  readonly matrix: readonly MatrixRow[];
  /** Why there was no look from inside; null where there was one. */
  readonly insideMissing: string | null;
}

/** @throws what {@link examine} throws */
export async function topology(
  ports: TopologyPorts,
  { word, local, ssh }: TopologyRequest,
): Promise<TopologyResult> {
  const words = word === undefined ? [] : [word];
  const [subject] = await examine(ports.visit, { words, local, ssh, ports: [] });
  if (!subject) throw new Error("one target was named, and there is no subject");
  return {
    topology: topologyOf(subject, await gatewayClients(ports, subject)),
    matrix: matrixOf(subject),
    insideMissing: subject.insideMissing,
  };
}
