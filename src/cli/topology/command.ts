/** `tetherdock topology`: who listens for whom, drawn. */
import { TetherdockError, visible } from "../../base/index.ts";
import type { Subject } from "../../doctor/index.ts";
import {
  ASCII,
  drawMatrix,
  drawTopology,
  listTopology,
  MIN_WIDTH,
  matrixOf,
  topologyJson,
  topologyMermaid,
  topologyOf,
  topologySvg,
  UNICODE,
} from "../../topology/index.ts";
import type { Context } from "../context.ts";
import { examine } from "../doctor/examine.ts";
import { findPatients } from "../doctor/patient.ts";
import { createProgress } from "../doctor/progress.ts";
import { createStyle } from "../output/style.ts";
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
    throw new TetherdockError("USAGE", "--local is this machine, and a target is another", {
      hints: ["tetherdock topology --local", "tetherdock topology user@host"],
    });
}

async function look(context: Context, flags: TopologyFlags, word: string | undefined): Promise<Subject> {
  const progress = createProgress(context);
  try {
    const patients = await findPatients(context, word === undefined ? [] : [word], flags.local);
    const options = { ssh: flags.ssh, ports: [], onProgress: progress.show };
    const [subject] = await examine(context, patients, options);
    if (!subject) throw new Error("one patient, and no subject of the look at it");
    return subject;
  } finally {
    progress.clear();
  }
}

function draw({ terminal }: Context, flags: TopologyFlags, subject: Subject): string {
  const paint = createStyle(terminal.colour.stdout);
  if (flags.matrix) return drawMatrix(subject.name, matrixOf(subject), paint);
  const topology = topologyOf(subject);
  if (flags.json) return topologyJson(topology, matrixOf(subject));
  if (flags.svg) return topologySvg(topology);
  if (flags.mermaid) return topologyMermaid(topology);
  const options = { paint, glyphs: flags.ascii ? ASCII : UNICODE, width: terminal.columns };
  return options.width < MIN_WIDTH ? listTopology(topology, options) : drawTopology(topology, options);
}

/** Looks at one engine and prints the drawing; what could not be looked at is told on stderr. */
export async function topology(this: Context, flags: TopologyFlags, word?: string): Promise<void> {
  checkFlags(flags, word);
  const subject = await look(this, flags, word);
  this.stdout.page(draw(this, flags, subject));
  if (subject.insideMissing === null) return;
  const warning = createStyle(this.terminal.colour.stderr).yellow("warning:");
  this.stderr.line(`${warning} ${visible(subject.insideMissing)}`);
}
