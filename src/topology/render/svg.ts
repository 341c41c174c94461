/**
 * The topology as an SVG picture that needs nothing else: no script, no font to fetch. Its attributes are for a light
 * page; a reader who prefers dark ones gets other colours by the style sheet in it.
 */
import { visible } from "../../base/index.ts";
import { type ClientWay, clientWays, LOOKS, type Look, looksIn } from "../clients.ts";
import { addressText, type Entrance, notes, type Topology, verdictOf, worstAccess } from "../topology.ts";

const COLOURS: Record<Look, string> = {
  open: "#c62828",
  // Never green: a client that gets in by a guarded path is root too.
  guarded: "#0550ae",
  unknown: "#a86500",
  blocked: "#757575",
  refused: "#757575",
};

const DARK: Record<Look, string> = {
  open: "#ff7b72",
  guarded: "#79c0ff",
  unknown: "#e3b341",
  blocked: "#9198a1",
  refused: "#9198a1",
};

const DARK_STYLE = [
  "svg{fill:#e6edf3}.page{fill:#0d1117}.box{fill:#161b22;stroke:#9198a1}",
  ...LOOKS.map((access) => `.${access}{fill:${DARK[access]}}.${access}-line{stroke:${DARK[access]}}`),
].join("");

/** The form of a line repeats its colour, for readers and printers without colours. */
const STROKES: Record<Look, string> = {
  open: 'stroke-width="4"',
  guarded: 'stroke-width="2"',
  unknown: 'stroke-width="2" stroke-dasharray="8 5"',
  blocked: 'stroke-width="2" stroke-dasharray="2 5"',
  refused: 'stroke-width="2" stroke-dasharray="2 5"',
};

const MEANING: Record<Look, string> = {
  open: "open to anybody",
  guarded: "only with a login, a group or a certificate",
  unknown: "not known",
  blocked: "not reached from here",
  refused: "refused by the gateway",
};

const WIDTH = 920;
const CLIENT = { x: 24, width: 236 };
const BOX = { x: 376, width: 236 };
const DAEMON = { x: 752, width: 144 };
const WAY = 60;
/** A client of a gateway: its name and its role. */
const ON_LIST = 44;
const GAP = 26;
const TOP = 70;
const FONT = "DejaVu Sans, Segoe UI, Helvetica, Arial, sans-serif";

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}

function text(x: number, y: number, content: string, attributes = ""): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escaped(content)}</text>`;
}

/** Sizes of text, and the pixels that a letter takes in each, as Chromium draws them in DejaVu Sans, the widest. */
const SMALL = { attributes: 'font-size="13"', letter: 7 };
const BOLD = { attributes: 'font-weight="bold"', letter: 9.8 };
const TITLE = { attributes: 'font-size="18" font-weight="bold"', letter: 11 };

/** In the title, so that there is room for the verdict and the date. */
const LONGEST_NAME = 46;

/** Narrower letters are hard to read. */
const NARROWEST = 0.75;

/** @param most characters */
function cut(content: string, most: number): string {
  const characters = [...visible(content)];
  return characters.length <= most ? characters.join("") : `${characters.slice(0, most - 1).join("")}…`;
}

/** Text that would stand out of its box is squeezed to it; if that is not enough, it is cut. */
function fitted(
  x: number,
  y: number,
  content: string,
  width: number,
  { attributes, letter }: typeof SMALL,
  more = "",
): string {
  const shown = [...cut(content, Math.floor(width / (letter * NARROWEST)))];
  const squeeze =
    shown.length * letter > width ? ` textLength="${width}" lengthAdjust="spacingAndGlyphs"` : "";
  return text(x, y, shown.join(""), `${attributes}${more}${squeeze}`);
}

function tone(access: Look): string {
  return ` class="${access}" fill="${COLOURS[access]}"`;
}

function box(x: number, y: number, width: number, height: number): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" class="box" fill="#f6f8fa" stroke="#57606a" stroke-width="1.5"/>`;
}

/** An arrow's head, or a cross where it does not arrive. */
function headAt(x: number, y: number, access: Look): string {
  return access === "refused"
    ? `<path d="M${x - 14} ${y - 6}l12 12m0 -12l-12 12" fill="none" class="${access}-line" stroke="${COLOURS[access]}" stroke-width="2"/>`
    : `<path d="M${x - 2} ${y}l-14 -7v14z" class="${access}" fill="${COLOURS[access]}"/>`;
}

function arrow(from: number, to: number, y: number, access: Look, label: string): string {
  const middle = (from + to) / 2;
  return [
    `<path d="M${from} ${y}H${to - 12}" fill="none" class="${access}-line" stroke="${COLOURS[access]}" ${STROKES[access]}/>`,
    headAt(to, y, access),
    fitted(middle, y - 8, label, to - from - 24, SMALL, ` text-anchor="middle"${tone(access)}`),
  ].join("");
}

function wayParts(entrance: Entrance, top: number): string[] {
  const { ways, via, transport } = entrance;
  const end = via ? BOX.x : DAEMON.x;
  const label = via ? transport : `${transport} ${addressText(entrance)}`;
  return ways.flatMap(({ who, says, access }, at) => {
    const y = top + at * WAY;
    return [
      fitted(CLIENT.x, y + 27, who, CLIENT.width, BOLD),
      fitted(CLIENT.x, y + 47, says, CLIENT.width, SMALL, tone(access)),
      arrow(CLIENT.x + CLIENT.width + 8, end, y + WAY / 2, access, label),
    ];
  });
}

function clientParts({ who, says, access }: ClientWay, y: number): string[] {
  return [
    fitted(CLIENT.x, y + 19, who, CLIENT.width, BOLD),
    fitted(CLIENT.x, y + 36, says, CLIENT.width, SMALL, tone(access)),
    arrow(CLIENT.x + CLIENT.width + 8, BOX.x, y + ON_LIST / 2, access, ""),
  ];
}

function listParts(entrance: Entrance, top: number): string[] {
  const below = top + entrance.ways.length * WAY;
  return clientWays(entrance).flatMap((client, at) => clientParts(client, below + at * ON_LIST));
}

function viaParts(entrance: Entrance, top: number): string[] {
  const { via, hop } = entrance;
  if (!via) return [];
  const [inner, width] = [BOX.x + 14, BOX.width - 28];
  return [
    box(BOX.x, top - 6, BOX.width, heightOf(entrance) + 12),
    fitted(inner, top + 17, via.name, width, BOLD),
    fitted(inner, top + 37, via.detail, width, SMALL),
    fitted(inner, top + 56, addressText(entrance), width, SMALL),
    arrow(BOX.x + BOX.width, DAEMON.x, top + WAY / 2, worstAccess(entrance), hop),
  ];
}

function heightOf(entrance: Entrance): number {
  return entrance.ways.length * WAY + clientWays(entrance).length * ON_LIST;
}

function daemonParts(version: string, height: number): string[] {
  const [x, middle] = [DAEMON.x + DAEMON.width / 2, TOP + height / 2];
  return [
    box(DAEMON.x, TOP - 16, DAEMON.width, height + 32),
    text(x, middle - 2, "dockerd", 'text-anchor="middle" font-size="17" font-weight="bold"'),
    fitted(x, middle + 20, version, DAEMON.width - 20, SMALL, ' text-anchor="middle"'),
  ];
}

function legendParts(topology: Topology, top: number): { parts: string[]; height: number } {
  const lines = looksIn(topology).map((access, at) => {
    const y = top + at * 24;
    return `${arrow(CLIENT.x, CLIENT.x + 60, y, access, "")}${text(CLIENT.x + 74, y + 5, MEANING[access], 'font-size="13"')}`;
  });
  const below = notes(topology).map((line, at) =>
    fitted(CLIENT.x, top + 5 + (lines.length + at) * 24, line, WIDTH - 2 * CLIENT.x, SMALL),
  );
  return { parts: [...lines, ...below], height: (lines.length + below.length) * 24 };
}

/** @returns a whole SVG document; its title and description are for screen readers */
export function topologySvg(topology: Topology): string {
  const { name, daemon, entrances } = topology;
  const verdict = `: paths to the engine; ${verdictOf(topology)}`;
  const title = `${name}${verdict}`;
  let y = TOP;
  const drawn = entrances.flatMap((entrance) => {
    const top = y;
    y += heightOf(entrance) + GAP;
    return [...viaParts(entrance, top), ...wayParts(entrance, top), ...listParts(entrance, top)];
  });
  const height = Math.max(WAY, y - GAP - TOP);
  const legend = legendParts(topology, TOP + height + 56);
  const total = TOP + height + 56 + legend.height + 4;
  const described = entrances.flatMap((entrance) =>
    [...entrance.ways, ...clientWays(entrance)].map(
      ({ who, says }) => `${addressText(entrance)}: ${who}: ${says}`,
    ),
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" width="${WIDTH}" height="${total}" role="img" font-family="${FONT}" font-size="15" fill="#1f2328">`,
    `<title>${escaped(title)}</title>`,
    `<style>@media (prefers-color-scheme:dark){${DARK_STYLE}}</style>`,
    `<desc>${escaped(described.join(". "))}</desc>`,
    `<rect width="${WIDTH}" height="${total}" class="page" fill="#ffffff"/>`,
    fitted(CLIENT.x, 32, `${cut(name, LONGEST_NAME)}${verdict}`, WIDTH - 2 * CLIENT.x, TITLE),
    ...drawn,
    ...daemonParts(daemon, height),
    ...legend.parts,
    "</svg>",
  ].join("\n")}\n`;
}
