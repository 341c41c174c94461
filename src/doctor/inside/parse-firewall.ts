/** Firewall rules, as far as they concern one of the API's ports or everything that comes in. */
import type { Section } from "../../facts/index.ts";
import type { Inside } from "../subject.ts";

type FirewallRule = Inside["firewall"][number];

/** More says nothing more, and the host may be hostile. */
const MAX_RULES = 100;
const MAX_LENGTH = 300;
/** Of what is looked at: a rule with a set of a thousand ports, and a host with as many rules as Kubernetes makes. */
const MAX_LINE = 8192;
const MAX_LINES = 20_000;
/** Policies and last rules that close everything that was not opened before. */
const CLOSES_ALL =
  /^-P INPUT (?:DROP|REJECT)$|^-A INPUT -j (?:DROP|REJECT)\b|\bhook input\b.*\bpolicy drop\b|^\s*target: (?:DROP|%%REJECT%%)$/;

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

function ruleOf(tool: string, line: string, ports: readonly number[]): FirewallRule[] {
  const rule = line.trim().slice(0, MAX_LENGTH);
  const named = namedPorts(line);
  const concerned = ports.filter((port) => named.some(([from, to]) => from <= port && port <= to));
  if (concerned.length > 0) return concerned.map((port) => ({ tool, rule, port }));
  return CLOSES_ALL.test(line) ? [{ tool, rule, port: null }] : [];
}

/**
 * @param sections of the inside script
 * @param ports TCP ports of the API
 */
export function parseFirewall(sections: readonly Section[], ports: readonly number[]): FirewallRule[] {
  return sections
    .filter(({ words }) => words[0] === "firewall")
    .flatMap(({ words: [, tool = ""], text }) =>
      text.split("\n", MAX_LINES).flatMap((line) => ruleOf(tool, line.slice(0, MAX_LINE), ports)),
    )
    .slice(0, MAX_RULES);
}
