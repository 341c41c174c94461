/** Replaces what systemd did not report with what was read from files. */
import { filesIn, type HostFacts, type Section, type SocketFact } from "../../facts/index.ts";

function socketsOf(sections: readonly Section[]): SocketFact[] {
  const units = sections.filter(({ words }) => words[0] === "socket").map(({ words }) => words[1] ?? "");
  return [...new Set(units)].map((unit) => {
    const texts = filesIn(sections, "unit", unit);
    return { unit, active: false, listens: [], units: texts, links: [] };
  });
}

/**
 * @param facts as systemd told them
 * @param sections of the inside script; it reads files itself only where systemd told nothing
 * @returns the same facts where systemd answered
 */
export function withOwnReading(facts: HostFacts, sections: readonly Section[]): HostFacts {
  if (!sections.some(({ words }) => words[0] === "own")) return facts;
  const units = filesIn(sections, "unit", "docker.service");
  const command = sections.find(({ words }) => words[0] === "command")?.text ?? "";
  const commandLine = command.split("\n").filter(Boolean);
  return {
    ...facts,
    commandLine,
    service: {
      ...facts.service,
      loadState: units.length > 0 ? "loaded" : "not-found",
      active: commandLine.length > 0,
      units,
      environmentFiles: filesIn(sections, "environment"),
    },
    sockets: socketsOf(sections),
  };
}
