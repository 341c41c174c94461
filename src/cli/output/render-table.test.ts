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
  ).toEqual(["NAME       X", "a          1", "long-name"]);
});

test("a cell cannot begin a row of its own", () => {
  expect(renderTable(["NAME", "X"], [["a\nroot", "1"]])).toEqual(["NAME     X", "a\\nroot  1"]);
});
