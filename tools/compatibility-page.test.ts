/** The table shows the results: what works, what does not and why, and what failed. */
import { expect, test } from "vitest";
import { BEGIN, compatibilityTable, END, type Results, replaceTable } from "./compatibility-page.ts";

const results = (release: string, engine: string, cell: string | null | undefined): Results => ({
  release,
  versions: `Engine ${engine}, systemd 257`,
  rows: ["build", "push"],
  cells: {
    [`${release}, native, environment`]: { build: null, ...(cell !== undefined && { push: cell }) },
    [`${release}, native, context`]: { build: null, push: "no registry" },
    [`${release}, gateway, environment`]: { build: null, push: null },
    [`${release}, gateway, context`]: { build: "it is closed", push: "no registry" },
  },
});

test("one row for each task, one column for each way, each reason once", () => {
  const both = [results("trixie", "26.1.5", null), results("forky", "28.5.2", undefined)];
  expect(compatibilityTable(both, "2026-01-02")).toBe(`Tried on 2026-01-02:

- Debian trixie: Engine 26.1.5, systemd 257
- Debian forky: Engine 28.5.2, systemd 257

|  | 26.1 N E | 26.1 N C | 26.1 G E | 26.1 G C | 28.5 N E | 28.5 N C | 28.5 G E | 28.5 G C |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| build | yes | yes | yes | no 1 | yes | yes | yes | no 1 |
| push | yes | no 2 | yes | no 2 | **failed** | no 2 | yes | no 2 |

1. it is closed
2. no registry
`);
});

test("only the text between the marks is replaced; without marks, nothing", () => {
  const page = `# Title\n${BEGIN}old\n${END}rest\n`;
  expect(replaceTable(page, "new\n")).toBe(`# Title\n${BEGIN}\nnew\n\n${END}rest\n`);
  expect(replaceTable(replaceTable(page, "new\n"), "newer\n")).toBe(
    `# Title\n${BEGIN}\nnewer\n\n${END}rest\n`,
  );
  expect(() => replaceTable("# Title\n", "new\n")).toThrow("marks");
  expect(() => compatibilityTable([], "2026-01-02")).toThrow("no results");
});
