import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PRESETS } from "../../src/policy/index.ts";

const page = readFileSync(new URL("../../docs/presets.md", import.meta.url), "utf8");

test.each(PRESETS)("docs/presets.md shows $name with its role, its calls and its note", (preset) => {
  const { name, title, role, calls, note } = preset;
  expect(page).toContain(
    `| ${title}: \`${name}\` | \`${role}\` | ${calls.split(" ").join(", ")} | ${note} |\n`,
  );
});
