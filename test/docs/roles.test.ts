/** Roles are data: they stand in one catalogue, and everything else is made from it. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  ADMIN_ROLE,
  administers,
  compileRole,
  DEFAULT_ROLE,
  defaultRole,
  ROLE_NAMES,
  ROLES,
} from "../../src/policy/index.ts";

const root = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

/** `"admin"` is also a kind of record in the audit log. */
const RECORD_KIND = /note\(\s*"admin"|event: .*"admin"/;
/** Messages as a user pastes them, to try the patterns with. */
const EXAMPLE = /^\s*example: /;

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/(^|\s)\/\/.*/g, "");
}

const names = ROLE_NAMES.join("|");
const literal = new RegExp(
  `(["'\`])(?:${names})\\1|\\b(?:role|--role) (?:${names})\\b|^\\s*(?:${names}): \\{`,
);

test("only src/policy/roles names roles in src", () => {
  const found = globSync("src/**/*.ts", { cwd: root })
    .filter((path) => !path.endsWith(".test.ts") && !path.startsWith("src/policy/roles/"))
    .flatMap((path) =>
      withoutComments(read(path))
        .split("\n")
        .filter((line) => literal.test(line) && !RECORD_KIND.test(line) && !EXAMPLE.test(line))
        .map((line) => `${path}: ${line.trim()}`),
    );
  expect(found).toEqual([]);
});

test.each(['role === "admin"', "values: ['viewer']", "FILE --role admin", "  viewer: { logs }"])(
  "the search finds %s",
  (line) => {
    expect(literal.test(line)).toBe(true);
  },
);

test("docs/roles.md has each role and its permissions", () => {
  const rows = ROLES.map(({ name, may }) => `| \`${name}\` | ${may} |`).join("\n");
  expect(read("docs/roles.md")).toContain(`| role | may |\n| --- | --- |\n${rows}\n\n`);
});

test("docs/reference/gateway.md has each role's options, and names the roles", () => {
  const page = read("docs/reference/gateway.md");
  const options = ROLES.flatMap(({ name, options }) =>
    Object.entries(options).map(([key, { what }]) => `\`${name}.${key}\`: ${what}`),
  );
  expect(page).toContain(`| \`roles\` | ${options.join("; ")}. |`);
  expect(page).toContain(`\`role\`: ${ROLE_NAMES.map((name) => `\`${name}\``).join(" or ")},`);
});

test("the user of up is an admin, and an added client without a role is not", () => {
  expect([ADMIN_ROLE, DEFAULT_ROLE, "nobody"].map(administers)).toEqual([true, false, false]);
  expect(ROLE_NAMES.map((name) => compileRole(defaultRole(name)).admin)).toEqual(ROLE_NAMES.map(administers));
});
