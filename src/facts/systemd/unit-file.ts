/**
 * Reads systemd unit files as systemd.syntax(7) describes, as far as plans need it: assignments in order, continuation
 * lines joined, comments removed. Values stay raw, so that what we write back reads the same.
 */

/** One `Key=value` line of a unit file or drop-in. */
export interface Assignment {
  readonly section: string;
  readonly key: string;
  /** Raw text after the first `=`, trimmed; for list settings an empty value means "reset". */
  readonly value: string;
  /** The file that contains it. */
  readonly path: string;
}

/** A unit file or drop-in of the host. */
export interface UnitText {
  readonly path: string;
  readonly text: string;
}

function joinContinuations(text: string): string[] {
  const lines: string[] = [];
  let open = "";
  for (const line of text.split("\n")) {
    const isComment = /^\s*[#;]/.test(line);
    if (isComment) continue; // also inside a continued line
    if (line.endsWith("\\")) open += `${line.slice(0, -1)} `;
    else {
      lines.push(open + line);
      open = "";
    }
  }
  return open === "" ? lines : [...lines, open];
}

/** All assignments of one file, in order. */
export function parseUnit({ path, text }: UnitText): Assignment[] {
  const found: Assignment[] = [];
  let section = "";
  for (const joined of joinContinuations(text)) {
    // Trimmed first: a pattern that allows blanks at both ends takes quadratic time on long lines.
    const line = joined.trim();
    const header = /^\[([^\]]+)\]$/.exec(line);
    if (header) section = header[1] ?? "";
    const assignment = /^([A-Za-z0-9]+)\s*=(.*)$/s.exec(line);
    if (assignment)
      found.push({ section, key: assignment[1] ?? "", value: (assignment[2] ?? "").trim(), path });
  }
  return found;
}

/**
 * The values of a list setting after merging all files in systemd's order (fragment, then drop-ins): an empty
 * assignment drops all previous values.
 */
export function mergedList(units: readonly UnitText[], section: string, key: string): Assignment[] {
  let values: Assignment[] = [];
  for (const assignment of units.flatMap(parseUnit)) {
    if (assignment.section !== section || assignment.key !== key) continue;
    if (assignment.value === "") values = [];
    else values.push(assignment);
  }
  return values;
}
