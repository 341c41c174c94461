/** The table of docs/compatibility.md, made from the results of a test run. */

/** The files that test/support/daily/results.ts writes, one for each generation. */
export interface Results {
  readonly release: string;
  readonly versions: string;
  readonly rows: readonly string[];
  readonly cells: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
}

export const BEGIN = "<!-- written by scripts/test --all: from here -->\n";
export const END = "<!-- to here -->\n";

/** Did not work, for an unknown reason. */
export const FAILED = "**failed**";

const WAYS = [
  ["native, environment", "N E"],
  ["native, context", "N C"],
  ["gateway, environment", "G E"],
  ["gateway, context", "G C"],
] as const;

/** Numbers reasons in the order of their first use. */
class Notes {
  readonly #notes: string[] = [];

  /** @returns the mark that stands in the cell */
  mark(why: string): string {
    if (!this.#notes.includes(why)) this.#notes.push(why);
    return `no ${this.#notes.indexOf(why) + 1}`;
  }

  toString(): string {
    return this.#notes.map((why, index) => `${index + 1}. ${why}\n`).join("");
  }
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |\n`;

function engineOf({ release, versions }: Results): string {
  return /Engine (\d+\.\d+)/.exec(versions)?.[1] ?? release;
}

/** Everything between {@link BEGIN} and {@link END}. */
export function compatibilityTable(all: readonly Results[], day: string): string {
  const [first] = all;
  if (first === undefined) throw new Error("no results");
  const notes = new Notes();
  const columns = all.flatMap((results) =>
    WAYS.map(([way, short]) => ({
      title: `${engineOf(results)} ${short}`,
      cells: results.cells[`${results.release}, ${way}`] ?? {},
    })),
  );
  const body = first.rows.map((what) => {
    const marks = columns.map(({ cells }) => {
      const cell = cells[what];
      if (cell === undefined) return FAILED;
      return cell === null ? "yes" : notes.mark(cell);
    });
    return line([what, ...marks]);
  });
  const head = line(["", ...columns.map(({ title }) => title)]) + line(["---", ...columns.map(() => "---")]);
  const tried = all.map(({ release, versions }) => `- Debian ${release}: ${versions}\n`).join("");
  return `Tried on ${day}:\n\n${tried}\n${head}${body.join("")}\n${notes}`;
}

/** @returns the page with its table replaced; throws when the page has no place for it */
export function replaceTable(page: string, table: string): string {
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < from) throw new Error("docs/compatibility.md has lost the marks around its table");
  return `${page.slice(0, from + BEGIN.length)}\n${table}\n${page.slice(to)}`;
}
