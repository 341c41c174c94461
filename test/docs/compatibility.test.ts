/** docs/compatibility.md is about the tests as they are: if this fails, `scripts/test --all` writes it anew. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { TRIED_ENGINES, TRIED_SYSTEMD } from "../../src/host/tried.ts";
import { BEGIN, END, FAILED } from "../../tools/compatibility-page.ts";
import { rows } from "../support/daily/rows.ts";

const page = await readFile(new URL("../../docs/compatibility.md", import.meta.url), "utf8");
const table = page
  .slice(page.indexOf(BEGIN), page.indexOf(END))
  .split("\n")
  .filter((line) => line.startsWith("| "));

test("every row of the tests is in the table, in order, and every cell works or gives a reason", () => {
  const [, , ...body] = table.map((line) =>
    line.split(" | ").map((cell) => cell.replaceAll(/^\| | \|$/g, "")),
  );
  expect(body.map(([what]) => what)).toEqual(rows.map(({ what }) => what));
  expect(page).not.toContain(FAILED);
  for (const [what, ...cells] of body) for (const cell of cells) expect(cell, what).toMatch(/^yes$|^no \d+$/);
});

test("the generations that `up` does not warn about are those of the table", () => {
  const engines = [...page.matchAll(/^- Debian \w+: Engine (\d+)\.(\d+)/gm)].map(([, a, b]) => [
    Number(a),
    Number(b),
  ]);
  const systemd = [...page.matchAll(/^- Debian \w+: .*systemd (\d+)/gm)].map(([, version]) =>
    Number(version),
  );
  expect([engines.at(0), engines.at(-1)]).toEqual(TRIED_ENGINES);
  expect([systemd.at(0), systemd.at(-1)]).toEqual(TRIED_SYSTEMD);
});
