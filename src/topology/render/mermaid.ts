/** The topology as a Mermaid flowchart, for pages that draw such. */
import { visible } from "../../base/index.ts";
import { clientWays, LOOKS, type Look } from "../clients.ts";
import { addressText, type Entrance, type Topology, worstAccess } from "../topology.ts";

const ARROWS: Record<Look, string> = {
  open: "==>",
  guarded: "-->",
  unknown: "-.->",
  blocked: "-.-x",
  refused: "-.-x",
};

const COLOURS: Record<Look, string> = {
  open: "#c62828",
  guarded: "#0550ae",
  unknown: "#a86500",
  blocked: "#757575",
  refused: "#757575",
};

/** Mermaid takes entities by number in quoted text; its own and HTML's characters go so, nothing else is lost. */
function quoted(lines: readonly string[]): string {
  const text = lines
    .filter((line) => line !== "")
    .map((line) =>
      visible(line).replace(/["#&<>;`\\[\]{}|*_~]/g, (character) => `#${character.charCodeAt(0)};`),
    );
  return `"${text.join("<br/>")}"`;
}

interface Edge {
  readonly access: Look;
  readonly text: string;
}

function edge(from: string, label: string, access: Look, to: string): Edge {
  return { access, text: `${from} ${ARROWS[access]}|${quoted([label])}| ${to}` };
}

function entranceParts(entrance: Entrance, at: number): { nodes: string[]; edges: Edge[] } {
  const { via, transport, hop } = entrance;
  const ways = [...entrance.ways, ...clientWays(entrance)];
  const label = via ? transport : `${transport} ${addressText(entrance)}`;
  const target = via ? `via${at}` : "dockerd";
  const clients = ways.map(({ who, says }, way) => `client${at}_${way}([${quoted([who, says])}])`);
  const toListener = ways.map(({ access }, way) => edge(`client${at}_${way}`, label, access, target));
  if (!via) return { nodes: clients, edges: toListener };
  const box = `via${at}[${quoted([via.name, via.detail, addressText(entrance)])}]`;
  return {
    nodes: [...clients, box],
    edges: [...toListener, edge(`via${at}`, hop, worstAccess(entrance), "dockerd")],
  };
}

function styles(edges: readonly Edge[]): string[] {
  return LOOKS.flatMap((access) => {
    const numbers = edges.flatMap((one, at) => (one.access === access ? [at] : []));
    return numbers.length === 0
      ? []
      : [`linkStyle ${numbers.join(",")} stroke:${COLOURS[access]},color:${COLOURS[access]}`];
  });
}

/** @returns Mermaid's text; thick lines are open, dotted ones not known or not reached */
export function topologyMermaid(topology: Topology): string {
  const parts = topology.entrances.map(entranceParts);
  const edges = parts.flatMap((part) => part.edges);
  const lines = [
    ...parts.flatMap(({ nodes }) => nodes),
    `dockerd[[${quoted(["dockerd", topology.daemon])}]]`,
    ...edges.map(({ text }) => text),
    ...styles(edges),
  ];
  return `flowchart LR\n${lines.map((line) => `  ${line}\n`).join("")}`;
}
