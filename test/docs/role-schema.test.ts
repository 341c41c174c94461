/** The published JSON Schema of role files is the one that the program has: if this fails, `npm run docs`. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { json } from "../../src/base/index.ts";
import { OWN_ROLE_NAME, roleFileSchema } from "../../src/policy/index.ts";

const page = await readFile(new URL("../../docs/policy-files.md", import.meta.url), "utf8");

test("docs/reference/role.schema.json is current (else: npm run docs)", async () => {
  const file = new URL("../../docs/reference/role.schema.json", import.meta.url);
  expect(await readFile(file, "utf8")).toBe(json.format(roleFileSchema()));
});

test("patterns mean the same in the schema as in the program", () => {
  const { properties } = roleFileSchema() as {
    readonly properties: { readonly name: { readonly pattern: string } };
  };
  const pattern = new RegExp(properties.name.pattern, "u");
  for (const name of ["web-team", "web", "a-b", "-a", "a-", "A-b", "a--b", `a-${"b".repeat(40)}`])
    expect(pattern.test(name), name).toBe(OWN_ROLE_NAME.test(name));
});

test("docs/policy-files.md has every key and every limit", () => {
  const { properties } = roleFileSchema() as {
    readonly properties: Readonly<Record<string, { readonly properties?: Readonly<Record<string, object>> }>>;
  };
  for (const key of Object.keys(properties)) expect(page).toMatch(new RegExp(`\\| \`${key}[\`.]`));
  for (const list of Object.keys(properties["operations"]?.properties ?? {}))
    expect(page).toContain(`| \`operations.${list}\` |`);
  for (const [limit, schema] of Object.entries(properties["limits"]?.properties ?? {})) {
    const [, section = ""] = page.split(`\n### ${limit}\n`);
    const keys = Object.keys((schema as { properties: object }).properties).filter((key) => key !== "mode");
    for (const key of keys) expect(section.split("\n## ")[0], `${limit}.${key}`).toContain(`  ${key}:`);
  }
});
