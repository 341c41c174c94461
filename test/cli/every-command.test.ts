/** Each command of the reference is typed in some transcript. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const folder = join(import.meta.dirname, "scripts");
const typed = readdirSync(folder)
  .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n"))
  .filter((line) => line.startsWith("$ "))
  .join("\n");
const reference = readFileSync(join(import.meta.dirname, "../../docs/reference/commands.md"), "utf8");
const commands = [...reference.matchAll(/^## (tetherdock .+)$/gm)].map(([, command = ""]) => command);

test("the reference lists the commands", () => {
  expect(commands.length).toBeGreaterThan(30);
});

test.each(commands)("a transcript runs %s", (command) => {
  expect(typed).toMatch(new RegExp(`${command}(?![a-z])`));
});
