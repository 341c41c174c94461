/**
 * The topology as an SVG picture that needs nothing else: no script, no font to fetch. Its attributes are for a light
 * page; a reader who prefers dark ones gets other colours by the style sheet in it.
 */
import { visible } from "../../base/index.ts";
import {
  ACCESSES,
  type Access,
  addressText,
  type Entrance,
  shutLines,
  type Topology,
  verdictOf,
  worstAccess,
} from "../topology.ts";

const COLOURS: Record<Access, string> = {
  open: "#c62828",
  // Never green: whoever gets in by a guarded way is root all the same.
  guarded: "#0550ae",
  unknown: "#a86500",
  blocked: "#757575",
};

const DARK: Record<Access, string> = {
  open: "#ff7b72",
  guarded: "#79c0ff",
  unknown: "#e3b341",
  blocked: "#9198a1",
};

const DARK_STYLE = [
  "svg{fill:#e6edf3}.page{fill:#0d1117}.box{fill:#161b22;stroke:#9198a1}",
  ...ACCESSES.map((access) => `.${access}{fill:${DARK[access]}}.${access}-line{stroke:${DARK[access]}}`),
].join("");

/** Form tells what colour tells: for readers and printers without it. */
const STROKES: Record<Access, string> = {
  open: 'stroke-width="4"',
  guarded: 'stroke-width="2"',
  unknown: 'stroke-width="2" stroke-dasharray="8 5"',
  blocked: 'stroke-width="2" stroke-dasharray="2 5"',
};

const MEANING: Record<Access, string> = {
  open: "open to anybody",
  guarded: "only with a login, a group or a certificate",
  unknown: "not known",
  blocked: "not reached from here",
};

const WIDTH = 920;
const CLIENT = { x: 24, width: 236 };
const BOX = { x: 376, width: 236 };
const DAEMON = { x: 752, width: 144 };
/** The title is larger than what {@link fitted} reckons with. */
const TITLE_WIDTH = 620;
const WAY = 60;
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

/** Squeezed to its box only when it would stand out: a letter takes about 7.4 pixels. */
function fitted(x: number, y: number, content: string, width: number, attributes = ""): string {
  const squeeze =
    [...content].length * 7.4 > width ? ` textLength="${width}" lengthAdjust="spacingAndGlyphs"` : "";
  return text(x, y, content, `${attributes}${squeeze}`);
}

function box(x: number, y: number, width: number, height: number): string {
  return `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" class="box" fill="#f6f8fa" stroke="#57606a" stroke-width="1.5"/>`;
}

function arrow(from: number, to: number, y: number, access: Access, label: string): string {
  const middle = (from + to) / 2;
  return [
    `<path d="M${from} ${y}H${to - 12}" fill="none" class="${access}-line" stroke="${COLOURS[access]}" ${STROKES[access]}/>`,
    `<path d="M${to - 2} ${y}l-14 -7v14z" class="${access}" fill="${COLOURS[access]}"/>`,
    fitted(
      middle,
      y - 8,
      label,
      to - from - 24,
      `text-anchor="middle" font-size="13" class="${access}" fill="${COLOURS[access]}"`,
    ),
  ].join("");
}

function wayParts(entrance: Entrance, top: number): string[] {
  const { ways, via, transport } = entrance;
  const end = via ? BOX.x : DAEMON.x;
  const label = via ? transport : `${transport} ${addressText(entrance)}`;
  return ways.flatMap(({ who, says, access }, at) => {
    const y = top + at * WAY;
    return [
      fitted(CLIENT.x, y + 27, who, CLIENT.width, 'font-weight="bold"'),
      fitted(
        CLIENT.x,
        y + 47,
        says,
        CLIENT.width,
        `font-size="13" class="${access}" fill="${COLOURS[access]}"`,
      ),
      arrow(CLIENT.x + CLIENT.width + 8, end, y + WAY / 2, access, label),
    ];
  });
}

function viaParts(entrance: Entrance, top: number): string[] {
  const { via, hop } = entrance;
  if (!via) return [];
  const [inner, width] = [BOX.x + 14, BOX.width - 28];
  return [
    box(BOX.x, top - 6, BOX.width, heightOf(entrance) + 12),
    fitted(inner, top + 17, via.name, width, 'font-weight="bold"'),
    fitted(inner, top + 37, via.detail, width, 'font-size="13"'),
    fitted(inner, top + 56, addressText(entrance), width, 'font-size="13"'),
    arrow(BOX.x + BOX.width, DAEMON.x, top + WAY / 2, worstAccess(entrance), hop),
  ];
}

function heightOf({ ways }: Entrance): number {
  return ways.length * WAY;
}

function daemonParts(version: string, height: number): string[] {
  const [x, middle] = [DAEMON.x + DAEMON.width / 2, TOP + height / 2];
  return [
    box(DAEMON.x, TOP - 16, DAEMON.width, height + 32),
    text(x, middle - 2, "dockerd", 'text-anchor="middle" font-size="17" font-weight="bold"'),
    fitted(x, middle + 20, version, DAEMON.width - 20, 'text-anchor="middle" font-size="13"'),
  ];
}

function legendParts(topology: Topology, top: number): { parts: string[]; height: number } {
  const present = new Set(topology.entrances.flatMap(({ ways }) => ways.map(({ access }) => access)));
  const lines = ACCESSES.filter((access) => present.has(access)).map((access, at) => {
    const y = top + at * 24;
    return `${arrow(CLIENT.x, CLIENT.x + 60, y, access, "")}${text(CLIENT.x + 74, y + 5, MEANING[access], 'font-size="13"')}`;
  });
  const shut = shutLines(topology).map((line, at) =>
    text(CLIENT.x, top + 5 + (lines.length + at) * 24, line, 'font-size="13"'),
  );
  return { parts: [...lines, ...shut], height: (lines.length + shut.length) * 24 };
}

/** @returns a whole SVG document; its title and description are for screen readers */
export function topologySvg(topology: Topology): string {
  const { name, daemon, entrances } = topology;
  const title = `${name}: who listens for whom; ${verdictOf(topology)}`;
  let y = TOP;
  const drawn = entrances.flatMap((entrance) => {
    const top = y;
    y += heightOf(entrance) + GAP;
    return [...viaParts(entrance, top), ...wayParts(entrance, top)];
  });
  const height = Math.max(WAY, y - GAP - TOP);
  const legend = legendParts(topology, TOP + height + 56);
  const total = TOP + height + 56 + legend.height + 4;
  const described = entrances.flatMap((entrance) =>
    entrance.ways.map(({ who, says }) => `${addressText(entrance)}: ${who}: ${says}`),
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${total}" width="${WIDTH}" height="${total}" role="img" font-family="${FONT}" font-size="15" fill="#1f2328">`,
    `<title>${escaped(title)}</title>`,
    `<style>@media (prefers-color-scheme:dark){${DARK_STYLE}}</style>`,
    `<desc>${escaped(described.join(". "))}</desc>`,
    `<rect width="${WIDTH}" height="${total}" class="page" fill="#ffffff"/>`,
    fitted(CLIENT.x, 32, title, TITLE_WIDTH, 'font-size="18" font-weight="bold"'),
    ...drawn,
    ...daemonParts(daemon, height),
    ...legend.parts,
    "</svg>",
  ].join("\n")}\n`;
}
