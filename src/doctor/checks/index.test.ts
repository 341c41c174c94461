/** What holds for every check: unique, registered, one a file, and stated as a fact. */
import { readdirSync } from "node:fs";
import { basename } from "node:path";
import { expect, test } from "vitest";
import { subject } from "../../../test/support/subject.ts";
import { type Check, runChecks } from "../check.ts";
import { CHECKS } from "./index.ts";

const files = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts") && basename(path) !== "index.ts")
  .sort();

function isCheck(value: unknown): value is Check {
  return typeof value === "object" && value !== null && "states" in value && "run" in value;
}

async function checksOf(file: string): Promise<Check[]> {
  return Object.values((await import(new URL(file, import.meta.url).href)) as Record<string, unknown>).filter(
    isCheck,
  );
}

test("ids are unique, in kebab case, and name a docs page", () => {
  const ids = CHECKS.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
});

test.for(files)("%s: its check bears its name and is registered", async (file) => {
  const found = await checksOf(file);
  // a helper that several checks share exports none
  for (const check of found) {
    expect(check.id).toBe(basename(file, ".ts"));
    expect(CHECKS).toContain(check);
  }
});

test("every registered check has a file of its own", async () => {
  const found = (await Promise.all(files.map(checksOf))).flat();
  expect(found.map(({ id }) => id).sort()).toEqual(CHECKS.map(({ id }) => id).sort());
});

test.for(CHECKS.map((check) => [check.id, check] as const))("%s states a fact", ([, check]) => {
  expect(check.states).not.toMatch(/\b(should|must|shall|ought|may)\b/i);
  for (const text of [check.states, check.consequence]) {
    expect(text).not.toMatch(/\.$|\n/);
    expect(text.length).toBeGreaterThan(15);
  }
  expect(check.reference).not.toBe("");
  expect(check.needs.length).toBeGreaterThan(0);
});

test("a healthy host fails none", () => {
  const failed = runChecks(CHECKS, subject()).filter(({ outcome }) => outcome === "failed");
  expect(failed).toEqual([]);
});
