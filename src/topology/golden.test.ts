/** Compares the drawings with files that people have read: after an intended change, run `vitest run -u` and read them again. */
import { expect, test } from "vitest";
import {
  crowded,
  FEW_CLIENTS,
  fromOutside,
  gatewayFromOutside,
  MANY_CLIENTS,
  madeByGateway,
  madeByUp,
  pitfall1,
  pitfall2,
} from "../../test/support/topology-subjects.ts";
import { PLAIN, type Subject } from "../doctor/index.ts";
import { topologyOf } from "./graph.ts";
import { matrixOf } from "./matrix.ts";
import { drawTopology } from "./render/draw.ts";
import { drawMatrix } from "./render/draw-matrix.ts";
import { ASCII, UNICODE } from "./render/glyphs.ts";
import { topologyJson } from "./render/json.ts";
import { topologyMermaid } from "./render/mermaid.ts";
import { topologySvg } from "./render/svg.ts";
import type { GatewayClients } from "./topology.ts";

const GOLDEN = "../../test/golden/doctor/topology";
const SUBJECTS = [
  ["made-by-up", madeByUp()],
  ["made-by-gateway", madeByGateway(), FEW_CLIENTS],
  ["gateway-crowded", madeByGateway(), MANY_CLIENTS],
  [
    "gateway-unknown",
    gatewayFromOutside(),
    { known: false, why: "the gateway refused: viewers may not use the gateway's own API" },
  ],
  ["pitfall-1", pitfall1()],
  ["pitfall-2", pitfall2()],
  ["crowded", crowded()],
  ["from-outside", fromOutside()],
] satisfies [string, Subject, GatewayClients?][];

test.for<[string, Subject, GatewayClients?]>(SUBJECTS)("%s", async ([name, subject, clients]) => {
  const topology = topologyOf(subject, clients);
  const matrix = matrixOf(subject);
  const files = {
    "unicode.txt": drawTopology(topology, { paint: PLAIN, glyphs: UNICODE, width: 80 }),
    "ascii.txt": drawTopology(topology, { paint: PLAIN, glyphs: ASCII, width: 80 }),
    "matrix.txt": drawMatrix(subject.name, matrix, PLAIN),
    svg: topologySvg(topology),
    mmd: topologyMermaid(topology),
    json: topologyJson(topology, matrix),
  };
  for (const [ending, text] of Object.entries(files))
    await expect(text).toMatchFileSnapshot(`${GOLDEN}/${name}.${ending}`);
});
