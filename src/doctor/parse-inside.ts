/** From the inside script's output to {@link Inside}. */
import {
  type HostFacts,
  type ListenerFact,
  nextSettings,
  parseShow,
  runningSettings,
  splitSections,
  tcpPorts,
  unitCommandLine,
} from "../facts/index.ts";
import { withOwnReading } from "./inside/own-reading.ts";
import { parseContainers } from "./inside/parse-containers.ts";
import { parseFirewall } from "./inside/parse-firewall.ts";
import { parseFleet } from "./inside/parse-fleet.ts";
import { DEFAULT_PORTS } from "./outside.ts";
import type { Inside, ModeFact } from "./subject.ts";

type Sections = ReturnType<typeof splitSections>;

function parseModes(sections: Sections): ModeFact[] {
  const found = sections
    .filter(({ words }) => words[0] === "mode")
    .map(({ words: [, kind = "", mode = "", owner = "", ...path] }) => ({
      path: path.join(" "),
      kind: kind as ModeFact["kind"],
      mode,
      owner,
    }));
  return [...new Map(found.map((fact) => [`${fact.kind} ${fact.path}`, fact])).values()];
}

function parseCertificates(sections: Sections): Inside["certificates"] {
  return sections
    .filter(({ words, text }) => words[0] === "certificate" && text.includes("BEGIN CERTIFICATE"))
    .map(({ words: [, role, ...path], text }) => ({
      path: path.join(" "),
      role: role === "ca" ? "ca" : "server",
      pem: text,
    }));
}

function members(group: string, primary: string): string[] {
  const listed = group.split("\n")[0]?.split(":")[3]?.split(",") ?? [];
  const all = [...listed, ...primary.split("\n")].map((name) => name.trim());
  return [...new Set(all)].filter(Boolean);
}

/** Lines of a name without spaces and a version. */
function parseComponents(text: string): Inside["components"] {
  return text.split("\n").flatMap((line) => {
    const [, name, version] = /^(\S{1,64}) (\S{1,64})$/.exec(line.trim()) ?? [];
    return name === undefined || version === undefined ? [] : [{ name, version }];
  });
}

/** Ports on which the API is, was or would be served, as far as the host tells. */
function apiPorts(
  inside: Pick<Inside, "facts" | "unitCommandLine">,
  listeners: readonly ListenerFact[],
): number[] {
  const settings = [runningSettings(inside), nextSettings(inside)];
  const told = settings.flatMap(tcpPorts);
  const held = listeners.filter(({ holders }) => holders.some(({ command }) => command === "dockerd"));
  return [...new Set([...DEFAULT_PORTS, ...told, ...held.flatMap(({ port }) => port ?? [])])];
}

/**
 * Reads the inside script's output.
 * @param output what the script printed
 * @param marker the one given to `insideScript`
 * @param told the facts given to `insideScript`
 * @returns the look; texts in it are the host's own: `visible()` before they are shown
 * @throws FACTS_INCOMPLETE when it broke off
 */
export function parseInside(output: string, marker: string, told: HostFacts): Inside {
  const sections = splitSections(output, marker);
  const text = (name: string) => sections.find(({ words }) => words[0] === name)?.text ?? "";
  const facts = withOwnReading(told, sections);
  const command = unitCommandLine(facts.service);
  const { listeners } = facts;
  const modes = parseModes(sections);
  const sockets = modes.filter(({ kind }) => kind === "socket").map(({ path }) => path);
  const known = { facts, unitCommandLine: command };
  return {
    ...known,
    listeners,
    modes,
    dockerGroup: members(text("group"), text("primary")),
    sudoers: text("sudoers").split("\n").filter(Boolean),
    containers: parseContainers(text("containers"), new Set(sockets)),
    components: parseComponents(text("components")),
    fleet: parseFleet(facts, text),
    needDaemonReload: (parseShow(text("reload")).get("NeedDaemonReload") ?? []).includes("yes"),
    certificates: parseCertificates(sections),
    firewall: parseFirewall(sections, apiPorts(known, listeners)),
  };
}
