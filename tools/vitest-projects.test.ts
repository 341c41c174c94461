/** A test that no project includes would never run, and nobody would notice. */
import { glob } from "node:fs/promises";
import { join, matchesGlob } from "node:path";
import { expect, test } from "vitest";
import config from "../vitest.config.ts";

const ROOT = join(import.meta.dirname, "..");
const FOLDERS = ["src", "test", "tools", "bench"];

interface Project {
  readonly test: { readonly name: string; readonly include: readonly string[] };
}

const projects = (config.test?.projects ?? []) as unknown as readonly Project[];

test("every test file belongs to exactly one project of vitest.config.ts", async () => {
  const patterns = FOLDERS.map((folder) => `${folder}/**/*.test.ts`);
  const files: string[] = [];
  for await (const file of glob(patterns, { cwd: ROOT })) files.push(file);
  expect(files).toContain("tools/vitest-projects.test.ts");
  const stray = files.flatMap((file) => {
    const names = projects
      .filter(({ test: { include } }) => include.some((pattern) => matchesGlob(file, pattern)))
      .map(({ test: { name } }) => name);
    return names.length === 1 ? [] : [`${file}: ${names.join(", ") || "no project"}`];
  });
  expect(stray).toEqual([]);
});
