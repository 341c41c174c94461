/** `tetherdock topology`: draws the paths to the engine. */
import { topology as findPaths, type TopologyResult } from "../../app/topology/index.ts";
import { TetherdockError, visible } from "../../base/index.ts";
import { callGateway, readGatewayLines } from "../../system/api/gateway-client.ts";
import {
  ASCII,
  drawMatrix,
  drawTopology,
  listTopology,
  MIN_WIDTH,
  topologyJson,
  topologyMermaid,
  topologySvg,
  UNICODE,
} from "../../topology/index.ts";
import type { Context } from "../context.ts";
import { withProgress } from "../doctor/progress.ts";
import { createStyle } from "../output/style.ts";
import { warn } from "../output/warn.ts";
import type { TopologyFlags } from "./topology-flags.ts";

function checkFlags(flags: TopologyFlags, word: string | undefined): void {
  const formats = (["ascii", "svg", "mermaid", "json"] as const).filter((format) => flags[format]);
  const chosen = [...formats, ...(flags.matrix ? ["matrix"] : [])].map((format) => `--${format}`);
  if (chosen.length > 1)
    throw new TetherdockError("USAGE", `${chosen.join(" and ")} are different outputs`, {
      why: flags.json && flags.matrix ? ["--json has the matrix in it"] : [],
      hints: chosen.map((format) => `tetherdock topology ${format}`),
    });
  if (flags.local && word !== undefined)
    throw new TetherdockError("USAGE", "--local cannot be used with a target", {
      hints: ["tetherdock topology --local", "tetherdock topology user@host"],
    });
}

function draw({ terminal }: Context, flags: TopologyFlags, { topology, matrix }: TopologyResult): string {
  const paint = createStyle(terminal.colour.stdout);
  if (flags.matrix) return drawMatrix(topology.name, matrix, paint);
  if (flags.json) return topologyJson(topology, matrix);
  if (flags.svg) return topologySvg(topology);
  if (flags.mermaid) return topologyMermaid(topology);
  const options = { paint, glyphs: flags.ascii ? ASCII : UNICODE, width: terminal.columns };
  return options.width < MIN_WIDTH ? listTopology(topology, options) : drawTopology(topology, options);
}

const GATEWAY = { call: callGateway, lines: readGatewayLines };

/** Prints the drawing; a missing look from inside is reported on stderr. */
export async function topology(this: Context, flags: TopologyFlags, word?: string): Promise<void> {
  checkFlags(flags, word);
  const { local, ssh } = flags;
  const { lines, env } = this;
  const result = await withProgress(this, (visit) =>
    // Without the progress of its own that gatewayPorts() has: withProgress() reports on everything.
    findPaths({ visit, gateway: { lines, env, gateway: GATEWAY } }, { word, local, ssh }),
  );
  this.stdout.page(draw(this, flags, result));
  if (result.insideMissing !== null) warn(this, visible(result.insideMissing));
}
