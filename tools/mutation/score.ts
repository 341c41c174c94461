/** Turns the results of a mutation run into a table: one row for each folder. */

/** The parts of a mutant that the table needs. */
export interface Outcome {
  readonly fileName: string;
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string | undefined;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

const LIVES: ReadonlySet<string> = new Set(["Survived", "NoCoverage"]);

/** `src/http/fields.ts` → `http` */
export function folderOf(fileName: string): string {
  return /(?:^|\/)src\/([^/]+)\//.exec(fileName)?.[1] ?? fileName;
}

export interface Score {
  readonly folder: string;
  /** The mutants of the folder that tests ran on, or should have. */
  readonly ran: number;
  readonly killed: number;
  readonly survived: number;
  readonly uncovered: number;
  /** Texts for people. */
  readonly texts: number;
  readonly outsideSample: number;
  /** Per cent of the mutants that ran; null if none did. */
  readonly percent: number | null;
}

function scoreOf(folder: string, outcomes: readonly Outcome[]): Score {
  const count = (...wanted: string[]) => outcomes.filter(({ status }) => wanted.includes(status)).length;
  const killed = count("Killed", "Timeout");
  const survived = count("Survived");
  const uncovered = count("NoCoverage");
  const texts = count("Ignored");
  const ran = killed + survived + uncovered;
  return {
    ...{ folder, ran, killed, survived, uncovered, texts },
    outsideSample: outcomes.length - ran - texts,
    percent: ran === 0 ? null : Math.round((killed / ran) * 1000) / 10,
  };
}

/** Folders in alphabetical order. */
export function scores(outcomes: readonly Outcome[]): Score[] {
  const byFolder = Map.groupBy(outcomes, ({ fileName }) => folderOf(fileName));
  return [...byFolder.keys()].toSorted().map((folder) => scoreOf(folder, byFolder.get(folder) ?? []));
}

/** For every surviving mutant: its place, and the change. */
export function survivors(outcomes: readonly Outcome[]): string[] {
  return outcomes
    .filter(({ status }) => LIVES.has(status))
    .toSorted((a, b) => (a.fileName === b.fileName ? 0 : a.fileName < b.fileName ? -1 : 1))
    .map(({ fileName, location: { start }, status, mutatorName, replacement = "" }) => {
      const place = fileName.replace(/^.*\/src\//, "src/");
      const how = replacement.replaceAll(/\s+/g, " ").slice(0, 100);
      return `${place}:${start.line}:${start.column} ${status} ${mutatorName}: ${how}`;
    });
}

export function table(rows: readonly Score[]): string {
  const row = (...cells: (string | number)[]) => `| ${cells.join(" | ")} |`;
  return [
    row(
      "folder",
      "killed",
      "mutants run",
      "killed",
      "survived",
      "in no test",
      "texts left out",
      "not in the sample",
    ),
    row(...Array<string>(8).fill("---")),
    ...rows.map(({ folder, percent, ran, killed, survived, uncovered, texts, outsideSample }) =>
      row(
        folder,
        percent === null ? "-" : `${percent} %`,
        ran,
        killed,
        survived,
        uncovered,
        texts,
        outsideSample,
      ),
    ),
  ].join("\n");
}
