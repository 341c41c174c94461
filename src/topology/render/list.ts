/** The topology as a list, for terminals too narrow for the drawing: each entrance, and below it who can use it. */
import { visible, wrapText } from "../../base/index.ts";
import { type ClientWay, clientWays } from "../clients.ts";
import { addressText, type Entrance, notes, type Topology, verdictOf } from "../topology.ts";
import { type Brush, dress, headOf, legend } from "./draw.ts";

/** How it is printed. */
interface ListOptions extends Brush {
  /** Characters a line. Only a word that is longer, such as an address, is in a longer line. */
  readonly width: number;
}

type Tone = (text: string) => string;

/** Less is not worth wrapping for. */
const LEAST = 20;

/** One text below an indentation, on as many lines as it takes. */
function wrapped(text: string, indent: number, options: ListOptions, tone: Tone = (same) => same): string[] {
  const printable = options.glyphs.text(visible(text));
  const margin = " ".repeat(indent);
  return wrapText(printable, Math.max(LEAST, options.width - indent)).map((line) => margin + tone(line));
}

function entranceLines(entrance: Entrance, options: ListOptions): string[] {
  const { transport, via, hop, ways } = entrance;
  const listens = via === null ? ["dockerd itself"] : [via.name, via.detail, `${hop} to dockerd`];
  return [
    ...wrapped(`${transport} ${addressText(entrance)}`, 0, options, options.paint.bold),
    ...listens.filter((text) => text !== "").flatMap((text) => wrapped(text, 4, options)),
    ...[...ways, ...clientWays(entrance)].flatMap((way) => wayLines(way, options)),
  ];
}

function wayLines({ who, access, says }: ClientWay, options: ListOptions): string[] {
  const arrow = options.glyphs.line[access].repeat(3) + headOf(access, options);
  const [first = "", ...more] = wrapped(who, 7, options);
  return [
    `  ${dress(options, access)(arrow)} ${first.trimStart()}`,
    ...more,
    ...wrapped(says, 7, options, dress(options, access)),
  ];
}

/** @returns the list with its legend, a newline at the end of each line; every line is printable */
export function listTopology(topology: Topology, options: ListOptions): string {
  const { name, daemon, entrances } = topology;
  const nothing = entrances.length === 0 ? ["  nothing was seen to listen"] : [];
  return [
    ...wrapped(`${name}: paths to the engine`, 0, options, options.paint.bold),
    ...wrapped(verdictOf(topology), 0, options),
    ...wrapped(`dockerd ${daemon}`, 0, options),
    ...entrances.flatMap((entrance) => ["", ...entranceLines(entrance, options)]),
    ...nothing,
    "",
    ...legend(topology, options),
    ...notes(topology).flatMap((line) => wrapped(line, 2, options)),
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
