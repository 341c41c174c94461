/** Compares the drawings with files that people have read: after an intended change, run `vitest run -u` and read them again. */
import { expect, test } from "vitest";
import {
  crowded,
  fromOutside,
  madeByGateway,
  madeByUp,
  pitfall1,
  pitfall2,
} from "../../test/support/topology-subjects.ts";
import { PLAIN } from "../doctor/index.ts";
import { topologyOf } from "./graph.ts";
import { matrixOf } from "./matrix.ts";
import { drawTopology } from "./render/draw.ts";
import { drawMatrix } from "./render/draw-matrix.ts";
import { ASCII, UNICODE } from "./render/glyphs.ts";
import { topologyJson } from "./render/json.ts";
import { topologyMermaid } from "./render/mermaid.ts";
import { topologySvg } from "./render/svg.ts";

const GOLDEN = "../../test/golden/doctor/topology";
const SUBJECTS = [
  ["made-by-up", madeByUp()],
  ["made-by-gateway", madeByGateway()],
  ["pitfall-1", pitfall1()],
  ["pitfall-2", pitfall2()],
  ["crowded", crowded()],
  ["from-outside", fromOutside()],
] as const;

test.for(SUBJECTS)("%s", async ([name, subject]) => {
  const topology = topologyOf(subject);
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
