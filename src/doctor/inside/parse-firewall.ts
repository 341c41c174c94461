/** Firewall rules that concern one of the API's ports or all incoming traffic. */
import type { Section } from "../../facts/index.ts";
import type { Inside } from "../subject.ts";

type FirewallRule = Inside["firewall"][number];

/** More rules add nothing, and the host may be hostile. */
const MAX_RULES = 100;
const MAX_LENGTH = 300;
/** Of what is looked at: a rule with a set of a thousand ports, and a host with as many rules as Kubernetes makes. */
const MAX_LINE = 8192;
const MAX_LINES = 20_000;
/** The script asks five tools. */
const MAX_TOOLS = 5;
/** Of the API. dockerd may hold the ports of containers too. */
const MAX_PORTS = 1000;
/** Policies and last rules that drop everything else. */
const CLOSES_ALL =
  /^-P INPUT (?:DROP|REJECT)$|^-A INPUT -j (?:DROP|REJECT)\b|^\s*target: (?:DROP|%%REJECT%%)$/;

/** nft's chain has both on one line. Two searches: as one pattern they would take the square of the line. */
function closesAll(line: string): boolean {
  return CLOSES_ALL.test(line) || (/\bhook input\b/.test(line) && /\bpolicy drop\b/.test(line));
}

/** Numbers and ranges that stand after a word for destination ports, in any tool's spelling. */
function namedPorts(line: string): [number, number][] {
  const lists = line.matchAll(
    /(?:dports?|to-ports?|ports?:?)\s+(?:\{\s*)?([\d:,\s-]+)|(?:^|\s)(\d+(?:[:-]\d+)?)\/tcp/g,
  );
  return [...lists].flatMap((match) =>
    [...(match[1] ?? match[2] ?? "").matchAll(/(\d{1,5})(?:[:-](\d{1,5}))?/g)].map(
      ([, from = "", to = from]): [number, number] => [Number(from), Number(to)],
    ),
  );
}

/** One pass over both. @param ports in ascending order */
function portsIn(ports: readonly number[], ranges: readonly [number, number][]): number[] {
  const pending = ranges.toSorted(([one], [other]) => other - one);
  let end = -1;
  return ports.filter((port) => {
    for (let next = pending.at(-1); next !== undefined && next[0] <= port; next = pending.at(-1)) {
      end = Math.max(end, next[1]);
      pending.pop();
    }
    return port <= end;
  });
}

function ruleOf(tool: string, line: string, ports: readonly number[]): FirewallRule[] {
  const rule = line.trim().slice(0, MAX_LENGTH);
  const named = namedPorts(line);
  const concerned = named.length > 0 ? portsIn(ports, named) : [];
  if (concerned.length > 0) return concerned.map((port) => ({ tool, rule, port }));
  return closesAll(line) ? [{ tool, rule, port: null }] : [];
}

/** One line at a time: only as many are read as there are rules wanted. */
function* rulesOf(tool: string, text: string, ports: readonly number[]): Generator<FirewallRule> {
  for (const line of text.split("\n", MAX_LINES)) yield* ruleOf(tool, line.slice(0, MAX_LINE), ports);
}

/**
 * @param sections of the inside script
 * @param ports TCP ports of the API
 */
export function parseFirewall(sections: readonly Section[], ports: readonly number[]): FirewallRule[] {
  const ascending = ports.slice(0, MAX_PORTS).toSorted((one, other) => one - other);
  const tools = sections.filter(({ words }) => words[0] === "firewall").slice(0, MAX_TOOLS);
  return tools
    .values()
    .flatMap(({ words: [, tool = ""], text }) => rulesOf(tool, text, ascending))
    .take(MAX_RULES)
    .toArray();
}
