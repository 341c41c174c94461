/**
 * The drawing for terminals: clients at the left, what listens for them in the middle, dockerd at the right.
 * Every entrance is a block of rows, three for each of its ways: who, the arrow, and in words how it goes; then two for each
 * client of a gateway.
 */
import { visible, wrapText } from "../../base/index.ts";
import type { Paint } from "../../doctor/index.ts";
import { type ClientWay, clientWays, type Look, looksIn } from "../clients.ts";
import {
  addressText,
  type Entrance,
  notes,
  type Topology,
  verdictOf,
  type Way,
  worstAccess,
} from "../topology.ts";
import type { Glyphs } from "./glyphs.ts";

/** How it is drawn. */
export interface DrawOptions {
  readonly paint: Paint;
  readonly glyphs: Glyphs;
  /** Characters a line; fewer than {@link MIN_WIDTH} are drawn as so many. */
  readonly width: number;
}

/** The least that a drawing needs. */
export const MIN_WIDTH = 72;
const MAX_WIDTH = 100;
const HOP = 16;
const DAEMON = 13;
/** The least that the clients and their words need. */
const CLIENTS = 30;

/** Columns of the drawing: what is left of the boxes, the boxes, the hop from them, dockerd. */
interface Pen extends DrawOptions {
  readonly left: number;
  readonly box: number;
}

const LEGEND: Record<Look, string> = {
  open: "open to anybody",
  guarded: "only with a login, a group or a certificate",
  unknown: "not known",
  blocked: "not reached from here",
  refused: "refused by the gateway",
};

/** Cut to a width and filled up to it. */
function column(text: string, width: number, { glyphs }: Pen): string {
  const characters = [...glyphs.text(visible(text))];
  const cut =
    characters.length <= width
      ? characters.join("")
      : characters.slice(0, width - [...glyphs.cut].length).join("") + glyphs.cut;
  return cut + " ".repeat(width - [...cut].length);
}

/** What a line is drawn with. */
export type Brush = Pick<DrawOptions, "paint" | "glyphs">;

/** In the colour of a look. */
export function dress({ paint }: Brush, access: Look): (text: string) => string {
  // Never green: a client that gets in by a guarded path is root too.
  const plain = (text: string): string => text;
  const tones = {
    open: paint.red,
    guarded: plain,
    unknown: paint.yellow,
    blocked: paint.dim,
    refused: paint.dim,
  };
  return access === "open" ? (text) => paint.bold(paint.red(text)) : tones[access];
}

/** What a line ends with. */
export function headOf(access: Look, { glyphs }: Brush): string {
  return access === "refused" ? glyphs.stop : glyphs.head;
}

/** `──── label ───▶ `, exactly so wide. */
function arrow(label: string, width: number, access: Look, pen: Pen): string {
  const line = pen.glyphs.line[access];
  const shown = label === "" ? "" : ` ${column(label, Math.min([...label].length, width - 6), pen)} `;
  const fill = width - 2 - [...shown].length;
  const before = Math.ceil(fill / 2);
  const text = `${line.repeat(before)}${shown}${line.repeat(fill - before)}${headOf(access, pen)}`;
  return `${dress(pen, access)(text)} `;
}

function wayRows({ who, access, says }: Way, label: string, width: number, pen: Pen): string[] {
  const words = (text: string) => `${column(`  ${text}`, width - 1, pen)} `;
  return [
    pen.paint.bold(words(who)),
    `  ${arrow(label, width - 2, access, pen)}`,
    dress(pen, access)(words(says)),
  ];
}

/** The role is written on the arrow. */
function clientRows({ who, access, says }: ClientWay, width: number, pen: Pen): string[] {
  return [
    pen.paint.bold(`${column(`  ${who}`, width - 1, pen)} `),
    `  ${arrow(says, width - 2, access, pen)}`,
  ];
}

function spaced(blocks: readonly (readonly string[])[], blank: string): string[] {
  return blocks.flatMap((rows, at) => (at === 0 ? rows : [blank, ...rows]));
}

/** dockerd itself listens: one long arrow. */
function directRows(entrance: Entrance, pen: Pen): string[] {
  const width = pen.left + pen.box + HOP;
  const { transport, ways } = entrance;
  const label = `${transport} ${addressText(entrance)}`;
  return spaced(
    ways.map((way) => wayRows(way, label, width, pen)),
    " ".repeat(width),
  );
}

function boxRows(texts: readonly string[], rows: number, pen: Pen): string[] {
  const { vertical } = pen.glyphs;
  return Array.from({ length: rows }, (_, row) => {
    const text = column(texts[row] ?? "", pen.box - 4, pen);
    return `${vertical} ${row === 0 ? pen.paint.bold(text) : text} ${vertical}`;
  });
}

function boxedRows(entrance: Entrance, pen: Pen): string[] {
  const { transport, via, hop, ways } = entrance;
  const { top, bottom } = pen.glyphs.border(pen.box);
  const [left, gap] = [" ".repeat(pen.left), " ".repeat(HOP)];
  const onList = clientWays(entrance).flatMap((client) => clientRows(client, pen.left, pen));
  const blocks = [...ways.map((way) => wayRows(way, transport, pen.left, pen)), onList];
  const clients = spaced(
    blocks.filter((rows) => rows.length > 0),
    left,
  );
  const box = boxRows([via?.name ?? "", via?.detail ?? "", addressText(entrance)], clients.length, pen);
  const onward = ` ${arrow(hop, HOP - 1, worstAccess(entrance), pen)}`;
  return [
    left + top + gap,
    ...clients.map((client, row) => client + (box[row] ?? "") + (row === 1 ? onward : gap)),
    left + bottom + gap,
  ];
}

function withDaemon(rows: readonly string[], daemon: string, pen: Pen): string[] {
  // Debian's "+dfsg1" and the like tell nothing here, and there is no room.
  const version = daemon.replace(/\+.*/, "");
  const { top, bottom } = pen.glyphs.border(DAEMON);
  const { vertical } = pen.glyphs;
  const middle = Math.max(0, Math.floor((rows.length - 1) / 2));
  const inner = (row: number) => {
    const text = row === middle ? "dockerd" : row === middle + 1 ? version : "";
    const shown = column(text, DAEMON - 4, pen);
    return `${vertical} ${row === middle ? pen.paint.bold(shown) : shown} ${vertical}`;
  };
  const blank = " ".repeat(pen.left + pen.box + HOP);
  return [blank + top, ...rows.map((row, at) => row + inner(at)), blank + bottom];
}

/** What each kind of line that is there means. */
export function legend(topology: Topology, pen: Brush): string[] {
  return looksIn(topology).map(
    (look) => `  ${dress(pen, look)(pen.glyphs.line[look].repeat(3) + headOf(look, pen))} ${LEGEND[look]}`,
  );
}

function penFor({ entrances }: Topology, options: DrawOptions): Pen {
  const width = Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, options.width));
  const texts = entrances.flatMap((entrance) =>
    entrance.via ? [entrance.via.name, entrance.via.detail, addressText(entrance)] : [],
  );
  const longest = Math.max(16, ...texts.map((text) => [...text].length));
  const box = Math.min(longest + 4, width - HOP - DAEMON - CLIENTS);
  return { ...options, box, left: width - HOP - DAEMON - box };
}

/** The verdict has a line of its own where the name leaves no room for it. */
function titleOf(topology: Topology, width: number, { paint, glyphs }: Pen): string[] {
  const name = glyphs.text(visible(topology.name));
  const verdict = verdictOf(topology);
  const rest = ": paths to the engine";
  const isShort = [...`${name}${rest}; ${verdict}`].length <= width;
  return isShort
    ? [`${paint.bold(name)}${rest}; ${verdict}`]
    : [`${paint.bold(name)}${rest}`, ...wrapText(verdict, width)];
}

/** @returns the drawing with its legend, a newline at the end of each line; every line is printable */
export function drawTopology(topology: Topology, options: DrawOptions): string {
  const pen = penFor(topology, options);
  const blocks = topology.entrances.map((entrance) =>
    entrance.via ? boxedRows(entrance, pen) : directRows(entrance, pen),
  );
  const blank = " ".repeat(pen.left + pen.box + HOP);
  const nothing = [column("  nothing was seen to listen", blank.length, pen), blank];
  const rows = blocks.length === 0 ? nothing : spaced(blocks, blank);
  const width = pen.left + pen.box + HOP + DAEMON;
  const below = notes(topology).flatMap((line) =>
    wrapText(pen.glyphs.text(visible(line)), width - 2).map((part) => `  ${part}`),
  );
  return [
    ...titleOf(topology, width, pen),
    ...withDaemon(rows, topology.daemon, pen),
    ...legend(topology, pen),
    ...below,
  ]
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
