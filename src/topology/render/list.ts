/** The topology as a list, for terminals too narrow for the drawing: each entrance, and below it who can use it. */
import { visible } from "../../base/index.ts";
import { type ClientWay, clientWays } from "../clients.ts";
import { addressText, type Entrance, notes, type Topology, verdictOf } from "../topology.ts";
import { type Brush, dress, headOf, legend } from "./draw.ts";

function clean(text: string, { glyphs }: Brush): string {
  return glyphs.text(visible(text));
}

function entranceLines(entrance: Entrance, brush: Brush): string[] {
  const { transport, via, hop, ways } = entrance;
  const listens = via === null ? ["dockerd itself"] : [via.name, via.detail, `${hop} to dockerd`];
  return [
    brush.paint.bold(clean(`${transport} ${addressText(entrance)}`, brush)),
    ...listens.filter((text) => text !== "").map((text) => `    ${clean(text, brush)}`),
    ...[...ways, ...clientWays(entrance)].flatMap((way) => wayLines(way, brush)),
  ];
}

function wayLines({ who, access, says }: ClientWay, brush: Brush): string[] {
  const arrow = brush.glyphs.line[access].repeat(3) + headOf(access, brush);
  return [
    `  ${dress(brush, access)(arrow)} ${clean(who, brush)}`,
    `       ${dress(brush, access)(clean(says, brush))}`,
  ];
}

/** @returns the list with its legend, a newline at the end of each line; every line is printable */
export function listTopology(topology: Topology, brush: Brush): string {
  const { name, daemon, entrances } = topology;
  const nothing = entrances.length === 0 ? ["  nothing was seen to listen"] : [];
  return [
    `${brush.paint.bold(clean(name, brush))}: paths to the engine`,
    verdictOf(topology),
    `dockerd ${clean(daemon, brush)}`,
    ...entrances.flatMap((entrance) => ["", ...entranceLines(entrance, brush)]),
    ...nothing,
    "",
    ...legend(topology, brush),
    ...notes(topology).map((line) => `  ${clean(line, brush)}`),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
