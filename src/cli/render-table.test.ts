import { expect, test } from "vitest";
import { renderTable } from "./render-table.ts";

test("columns line up, and no line ends in spaces", () => {
  expect(
    renderTable(
      ["NAME", "X"],
      [
        ["a", "1"],
        ["long-name", ""],
      ],
    ),
  ).toBe("NAME       X\na          1\nlong-name\n");
});
