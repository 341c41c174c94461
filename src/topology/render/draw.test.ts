/** Properties of every drawing. */
import { expect, test } from "vitest";
import { subject } from "../../../test/support/subject.ts";
import {
  crowded,
  FEW_CLIENTS,
  fromOutside,
  gatewayFromOutside,
  listed,
  MANY_CLIENTS,
  madeByGateway,
  madeByUp,
  onList,
  pitfall1,
  pitfall2,
} from "../../../test/support/topology-subjects.ts";
import { PLAIN } from "../../doctor/index.ts";
import { topologyOf } from "../graph.ts";
import { type Topology, verdictOf } from "../topology.ts";
import { drawTopology } from "./draw.ts";
import { ASCII, type Glyphs, UNICODE } from "./glyphs.ts";
import { listTopology } from "./list.ts";
import { topologyMermaid } from "./mermaid.ts";
import { topologySvg } from "./svg.ts";

const all = [
  ...[madeByUp(), pitfall1(), pitfall2(), crowded(), fromOutside()].map((one) => topologyOf(one)),
  topologyOf(madeByGateway(), FEW_CLIENTS),
  topologyOf(madeByGateway(), MANY_CLIENTS),
  topologyOf(gatewayFromOutside()),
];
const HOSTILE = `"><script>\u001b[2J\u202e|x|\`]})--> end;%%{init}%%&amp;`;
const hostile: Topology = {
  name: HOSTILE,
  at: "2026-11-24T00:00:00.000Z",
  daemon: HOSTILE,
  closed: [HOSTILE],
  unreached: [HOSTILE],
  entrances: [
    {
      transport: "tcp",
      addresses: [HOSTILE.repeat(20)],
      via: { name: HOSTILE, detail: HOSTILE.repeat(20) },
      hop: HOSTILE,
      ways: [{ who: HOSTILE.repeat(20), access: "open", says: HOSTILE }],
      clients: {
        known: true,
        from: "gateway",
        list: [{ name: HOSTILE.repeat(20), role: HOSTILE, state: "active", expires: null, equalsRoot: true }],
      },
    },
    {
      transport: "tcp",
      addresses: [HOSTILE.repeat(20)],
      via: null,
      hop: "",
      ways: [{ who: HOSTILE, access: "blocked", says: HOSTILE }],
      clients: { known: false, why: HOSTILE.repeat(20) },
    },
  ],
};

function draw(topology: Topology, glyphs: Glyphs, width = 80): string[] {
  return drawTopology(topology, { paint: PLAIN, glyphs, width }).trimEnd().split("\n");
}

test.for([...all, hostile].map((topology) => [topology.name, topology] as const))(
  "%j: the box of dockerd is straight and 80 columns wide",
  ([, topology]) => {
    for (const glyphs of [UNICODE, ASCII]) {
      const lines = draw(topology, glyphs);
      // Below the title, which takes a second line for a long name.
      const start = lines.findIndex((line) => [...line].length === 80);
      const box = lines.slice(start, lines.findLastIndex((line) => line.length === 80) + 1);
      expect(box.length).toBeGreaterThan(4);
      expect(new Set(box.map((line) => [...line].length))).toEqual(new Set([80]));
    }
  },
);

test("ASCII drawings are ASCII, and nothing moves the cursor", () => {
  for (const topology of [...all, hostile]) {
    expect(draw(topology, ASCII).join("")).toMatch(/^[\x20-\x7e]*$/);
    expect(draw(topology, UNICODE).join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

test("colour is redundant: red paths are also marked by words and heavy lines", () => {
  const painted = { ...PLAIN, red: (text: string) => `<${text}>` };
  const text = drawTopology(topologyOf(pitfall1()), { paint: painted, glyphs: UNICODE, width: 80 });
  const red = [...text.matchAll(/<([^>]*)>/g)].map(([, inner = ""]) => inner.trim());
  expect(red.length).toBeGreaterThan(2);
  for (const piece of red) expect(piece).toMatch(/^OPEN: |^━.*━▶$/);
  for (const line of draw(topologyOf(madeByUp()), UNICODE)) expect(line).not.toMatch(/━|OPEN/);
});

test("drawings have 72 columns or more, and at most 100", () => {
  const widest = (width: number) =>
    Math.max(...draw(topologyOf(crowded()), UNICODE, width).map((line) => [...line].length));
  expect([widest(40), widest(90), widest(300)]).toEqual([72, 90, 100]);
});

test("an engine without any entrance is drawn too", () => {
  const nothing = topologyOf(subject({ endpoints: [], inside: null }));
  expect(draw(nothing, UNICODE).join("\n")).toContain("nothing was seen to listen");
  expect(topologySvg(nothing)).toContain("dockerd");
  expect(topologyMermaid(nothing)).toContain("dockerd");
});

test("SVG: no element comes from the host's name", () => {
  for (const topology of [...all, hostile]) {
    const svg = topologySvg(topology);
    const tags = new Set([...svg.matchAll(/<\/?([^\s>/]+)/g)].map(([, tag]) => tag));
    expect([...tags].sort()).toEqual(["desc", "path", "rect", "style", "svg", "text", "title"]);
    expect(svg.replace(/&(amp|lt|gt|quot|#39);/g, "")).not.toContain("&");
    expect(svg.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

test("SVG: a long text is squeezed to its column, a longer one is cut, and the description has it whole", () => {
  const named = (name: string) => {
    const svg = topologySvg(topologyOf(madeByGateway(), listed(onList(name, "viewer"))));
    const [, attributes = "", shown = ""] = /<text([^>]*)>((?:u|…)+)</.exec(svg) ?? [];
    expect(svg).toMatch(new RegExp(`<desc>.*: ${name}: viewer`));
    return [shown, /textLength="(\d+)"/.exec(attributes)?.[1]];
  };
  expect(named("u".repeat(24))).toEqual(["u".repeat(24), undefined]);
  expect(named("u".repeat(27))).toEqual(["u".repeat(27), "236"]);
  expect(named("u".repeat(64))).toEqual([`${"u".repeat(31)}…`, "236"]);
  for (const [, shown = ""] of topologySvg(hostile).matchAll(/<text[^>]*>([^<]*)</g))
    expect([...shown.replace(/&[a-z#0-9]+;/g, "x")].length).toBeLessThan(170);
});

test("SVG: the verdict and the date are shown, however long the name is", () => {
  const svg = topologySvg(topologyOf({ ...pitfall1(), name: "n".repeat(200) }));
  expect(svg).toMatch(/<text[^>]*>n{45}…: [^<]*open to anybody \(2026-11-24\)</);
  expect(svg).toMatch(/<title>n{200}: /);
});

test("Mermaid: every line has an expected form", () => {
  const label = String.raw`"[^"#&<>;\[\]{}|]*(?:(?:#\d+;|<br/>)[^"#&<>;\[\]{}|]*)*"`;
  const form = new RegExp(
    `^(flowchart LR|  client\\d+_\\d+\\(\\[${label}\\]\\)|  via\\d+\\[${label}\\]|  dockerd\\[\\[${label}\\]\\]` +
      `|  \\w+ (==>|-->|-\\.->|-\\.-x)\\|${label}\\| \\w+|  linkStyle [\\d,]+ stroke:#\\w{6},color:#\\w{6})$`,
  );
  for (const topology of [...all, hostile])
    for (const line of topologyMermaid(topology).trimEnd().split("\n")) expect(line).toMatch(form);
});

test.each([56, 60, 71])("the list fits into %d columns, but for longer words, and loses none", (width) => {
  for (const one of all) {
    const text = listTopology(one, { paint: PLAIN, glyphs: UNICODE, width });
    const tooLong = text.split("\n").filter((line) => [...line].length > width);
    for (const line of tooLong) expect(line.trim().split(" ").length, line).toBe(1);
    const words = text.split(/\s+/);
    for (const { via, ways } of one.entrances)
      for (const said of [via?.name ?? "", ...ways.map(({ who }) => who)])
        expect(words).toEqual(expect.arrayContaining(said.split(" ").filter(Boolean)));
  }
});

test.each([72, 80, 100])("the verdict of a drawing of %d columns is never beyond the margin", (width) => {
  for (const name of ["web", "the-staging-host-in-frankfurt.example.com".repeat(2)]) {
    const topology = { ...topologyOf(madeByUp()), name };
    const lines = drawTopology(topology, { paint: PLAIN, glyphs: UNICODE, width }).split("\n");
    const verdict = lines.find((line) => line.includes(verdictOf(topology)));
    expect([...(verdict ?? "")].length).toBeGreaterThan(0);
    expect([...(verdict ?? "")].length).toBeLessThanOrEqual(width);
  }
});
