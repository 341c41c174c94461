/** The topology and the matrix for programs; docs/doctor.md describes the format. */
import { json } from "../../base/index.ts";
import type { MatrixRow } from "../matrix.ts";
import type { Topology } from "../topology.ts";

const FORMAT_VERSION = 1;

/** @returns JSON; within one version, fields are only added */
export function topologyJson(topology: Topology, matrix: readonly MatrixRow[]): string {
  return json.format({ format: "tetherdock-topology", version: FORMAT_VERSION, ...topology, matrix });
}
