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

test("a cell cannot begin a row of its own", () => {
  expect(renderTable(["NAME", "X"], [["a\nroot", "1"]])).toEqual(["NAME     X", "a\\nroot  1"]);
});

test("where there is no room, each row becomes a block", () => {
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

test("what is not read on a terminal is never laid out anew", () => {
  expect(tableWidth({ stdout: true, columns: 60 })).toBe(60);
  expect(tableWidth({ stdout: false, columns: 80 })).toBe(Number.POSITIVE_INFINITY);
});
