/** What the pages name exists: commands with their options, and files of the sources. */
import { existsSync, globSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, test } from "vitest";
import { readPages } from "./pages.ts";

const ROOT = join(import.meta.dirname, "../..");
const pages = await readPages();

/** Each command's part of the reference; test/docs/commands.test.ts keeps it as the program's own --help. */
const help = new Map(
  readFileSync(join(ROOT, "docs/reference/commands.md"), "utf8")
    .split(/^## tetherdock ?/m)
    .slice(1)
    .map((section) => [section.split("\n", 1)[0] ?? "", section] as const),
);
/** Help of the commands below this one: a group may have one that runs without its name. */
const below = (command: string): string =>
  [...help].flatMap(([name, text]) => (name.startsWith(`${command} `) ? [text] : [])).join("");

/** Code between backquotes in a paragraph; a line may break in it. */
function codeIn(text: string): string[] {
  const paragraphs = text.replace(/^```.*?^```/gms, "").split(/\n\s*\n/);
  return paragraphs.flatMap((paragraph) =>
    [...paragraph.matchAll(/(`+)(.+?)\1/gs)].map(([, , code = ""]) => code.trim().replace(/\s+/g, " ")),
  );
}

/** In an audit log, the name on the certificates that doctor tries. */
const NO_COMMAND = "tetherdock probe";

/** @returns what of this code does not exist; null: it all does, or the code is no command of ours */
function missingOf(code: string): string | null {
  const [, isOurs, rest = ""] = /^(tetherdock )?(.*)$/.exec(code) ?? [];
  const words = (rest.split(/ -- | # /)[0] ?? "").split(" ");
  let command = "";
  while (words[0] !== undefined && help.has(`${command} ${words[0]}`.trim()))
    command = `${command} ${words.shift()}`.trim();
  const [next = ""] = words;
  const isWord = /^[a-z][a-z-]*$/.test(next);
  if (command === "") return isOurs && isWord ? `tetherdock ${next}` : null;
  if (isWord && below(command) !== "") return `tetherdock ${command} ${next}`;
  const options = words.filter((word) => /^--[a-z-]+$/.test(word));
  const known = `${help.get(command)}${below(command)}`;
  const unknown = options.find((option) => !new RegExp(`${option}(?![a-z-])`).test(known));
  return unknown === undefined ? null : `tetherdock ${command} ${unknown}`;
}

test("a command that does not exist is found", () => {
  expect(missingOf("tetherdock frobnicate")).toBe("tetherdock frobnicate");
  expect(missingOf("client frobnicate bob")).toBe("tetherdock client frobnicate");
  expect(missingOf("client ls --frobnicate")).toBe("tetherdock client ls --frobnicate");
  expect(missingOf("tetherdock client add ci --oidc github")).toBe(null);
  expect(missingOf("docker ps --all")).toBe(null);
  expect(codeIn("a `client\nls` b\n\n```text\n`no`\n```\n``c``")).toEqual(["client ls", "c"]);
});

// A decision may be about commands that it rejects, or that are not there yet.
test.each(pages.filter(({ path }) => !path.startsWith("docs/adr/")))(
  "the commands that $path names exist",
  ({ text }) => {
    const missing = codeIn(text)
      .filter((code) => code !== NO_COMMAND)
      .map(missingOf);
    expect(missing.filter((one) => one !== null)).toEqual([]);
  },
);

/** A path of this repository in prose, maybe a pattern; NAME stands for any name. */
const SOURCE = /(?<![\w./-])(?:src|test|tools|scripts|bench)\/[\w./*-]*\w\*?/g;

test("the files that the pages name exist", () => {
  // explain.md quotes messages with paths of other programs' sources
  const quotes = /^(?:CHANGELOG|docs\/explain)\.md$/;
  const named = pages
    .filter(({ path }) => !quotes.test(path))
    .flatMap(({ text }) => text.match(SOURCE) ?? []);
  expect(named.length).toBeGreaterThan(100);
  const missing = [...new Set(named)].filter(
    (path) => globSync(path.replaceAll("NAME", "*"), { cwd: ROOT }).length === 0,
  );
  expect(missing).toEqual([]);
});

const scripts = ["scripts/**", "test/hosts/**", "bench/*", ".ci/*", "package.json"]
  .flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }))
  .filter((entry) => entry.isFile() && !/\.(?:ts|md)$/.test(entry.name))
  .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)));

// Only the steps of a script that run tell that a file has moved, and some run rarely.
test("the sources that scripts name exist, and what they import is exported", async () => {
  const missing: string[] = [];
  let imports = 0;
  for (const script of scripts) {
    const text = readFileSync(join(ROOT, script), "utf8");
    for (const path of text.match(SOURCE) ?? [])
      if (path.endsWith(".ts") && !existsSync(join(ROOT, path))) missing.push(`${script}: ${path}`);
    for (const [, names = "", path = ""] of text.matchAll(/import \{([^}]+)\} from "\.\/([^"]+)"/g)) {
      imports++;
      const exported = existsSync(join(ROOT, path)) ? Object.keys(await import(join(ROOT, path))) : [];
      for (const name of names.split(",").map((one) => one.trim()))
        if (!exported.includes(name)) missing.push(`${script}: ${name} of ${path}`);
    }
  }
  expect(imports).toBeGreaterThan(0);
  expect(missing).toEqual([]);
});
