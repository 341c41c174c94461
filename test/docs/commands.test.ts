/** The reference is what the program prints for --help: if this fails, `npm run docs`. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { commandReference } from "../../tools/command-reference.ts";

const file = new URL("../../docs/reference/commands.md", import.meta.url);

test("docs/reference/commands.md shows the commands' own help (else: npm run docs)", async () => {
  const page = await commandReference();
  expect(await readFile(file, "utf8")).toBe(page);
  // that it went into every command, and into those below them
  for (const command of ["up", "down", "env", "run", "context create"])
    expect(page).toContain(`\n## tetherdock ${command}\n\n\`\`\`text\nUsage\n`);
});
