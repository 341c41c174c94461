/** docs/reference/json.md describes the JSON of every command that prints some. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { commandReference } from "../../tools/command-reference.ts";

const page = await readFile(new URL("../../docs/reference/json.md", import.meta.url), "utf8");
const [, ...parts] = (await commandReference()).split(/^## tetherdock (.+)$/m);
const commands = parts.flatMap((name, at) =>
  at % 2 === 0 && /^ +--json /m.test(parts[at + 1] ?? "") ? [name] : [],
);

test("many commands print JSON", () => {
  expect(commands.length).toBeGreaterThan(12);
});

test.each(commands)("the JSON of %s is described", (command) => {
  const rows = page.split("\n").filter((line) => /^\| `/.test(line));
  expect(rows.filter((row) => row.split("|")[1]?.includes(`\`${command}\``))).toHaveLength(1);
});
