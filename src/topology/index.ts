/** Who reaches which Docker endpoint, as data and as pictures. */

export { topologyOf } from "./graph.ts";
export { type MatrixCell, type MatrixRow, matrixOf } from "./matrix.ts";
export { type DrawOptions, drawTopology, MIN_WIDTH } from "./render/draw.ts";
export { drawMatrix } from "./render/draw-matrix.ts";
export { ASCII, type Glyphs, UNICODE } from "./render/glyphs.ts";
export { topologyJson } from "./render/json.ts";
export { listTopology } from "./render/list.ts";
export { topologyMermaid } from "./render/mermaid.ts";
export { topologySvg } from "./render/svg.ts";
export type { Access, Entrance, GatewayClient, GatewayClients, Topology, Way } from "./topology.ts";
