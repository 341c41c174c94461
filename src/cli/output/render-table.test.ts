import { expect, test } from "vitest";
import { renderTable, tableWidth } from "./render-table.ts";

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

test("a line break in a cell does not start a new row", () => {
  expect(renderTable(["NAME", "X"], [["a\nroot", "1"]])).toEqual(["NAME     X", "a\\nroot  1"]);
});

test("if the table is too wide, each row becomes a block", () => {
  const [head, row] = [
    ["NAME", "ADDRESS", "CA"],
    ["vps", "vps.example:2376", "1 day"],
  ];
  expect(renderTable(head, [row], 29)).toEqual([
    "NAME  ADDRESS           CA",
    "vps   vps.example:2376  1 day",
  ]);
  expect(renderTable(head, [row], 28)).toEqual(["vps", "  ADDRESS  vps.example:2376", "  CA       1 day"]);
});

test("without a terminal the width is not limited", () => {
  expect(tableWidth({ stdout: true, columns: 60 })).toBe(60);
  expect(tableWidth({ stdout: false, columns: 80 })).toBe(Number.POSITIVE_INFINITY);
});
