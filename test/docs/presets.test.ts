import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PRESETS } from "../../src/policy/index.ts";

const page = readFileSync(new URL("../../docs/presets.md", import.meta.url), "utf8");

const unwrapped = page.replace(/\n {2}/g, " ");

test.each(PRESETS)("docs/presets.md shows $name with its role, its note and its calls", (preset) => {
  const { name, title, role, calls, note } = preset;
  expect(page).toContain(`| ${title}: \`${name}\` | \`${role}\` | ${note} |\n`);
  expect(unwrapped).toContain(`- \`${name}\`: ${calls.split(" ").join(", ")}\n`);
});
