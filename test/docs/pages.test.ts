/** What can be told of the docs without a host: links lead somewhere, and no command escapes test/e2e/docs.test.ts. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { blocksOf, shows, typedIn } from "./console-blocks.ts";
import { readPages } from "./pages.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const pages = await readPages();

/** A heading's anchor, as the usual Markdown viewers make it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

function anchorsOf(path: string): string[] {
  const page = pages.find((one) => one.path === path)?.text ?? "";
  return [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

describe.for(pages)("$path", ({ path, text }) => {
  test("its links lead to existing files and headings", () => {
    const links = [...text.matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)];
    for (const [link, file = "", anchor] of links) {
      const target = file === "" ? path : join(dirname(path), file);
      expect(existsSync(join(ROOT, target)), `${link} in ${path}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), `${link} in ${path}`).toContain(anchor);
    }
  });

  test("commands are in console blocks; other blocks have no tetherdock commands", () => {
    for (const { language, lines } of blocksOf(text)) {
      expect(["console", "text"], `a block of ${path}: ${lines[0]}`).toContain(language);
      // the reference quotes --help as it is, the findings' pages what doctor prints
      const quotes = path === "docs/reference/commands.md" || path.startsWith("docs/findings/");
      if (language !== "console" && !quotes)
        expect(lines.filter((line) => /^\s*(\$ )?tetherdock /.test(line))).toEqual([]);
    }
    typedIn(text);
  });
});

test("no page names a package registry", () => {
  for (const { path, text } of pages) expect(text, path).not.toMatch(/registry\.|\bnpmjs\b/);
});

test("typedIn() parses a block", () => {
  const page = "text\n```console\n$ a \\\n> b\nout\n\n$ false  # exit status 1\n```\n```text\n$ no\n```\n";
  expect(typedIn(page)).toEqual([
    { command: "a \\\nb", status: 0, shown: ["out"] },
    { command: "false  # exit status 1", status: 1, shown: [] },
  ]);
  expect(() => typedIn("```console\nout\n```\n")).toThrow('not with "$ "');
});

test("shows() accepts … for text in a line, and alone for lines", () => {
  expect(shows(["a … c", "d"], "a b c\nd\n")).toBe(true);
  expect(shows(["a", "…", "d"], "a\nb\nc\nd\n")).toBe(true);
  expect(shows(["a", "…", "d"], "a\nd")).toBe(true);
  expect(shows(["a.c"], "abc\n")).toBe(false);
  expect(shows(["a"], "a\nb\n")).toBe(false);
  expect(shows(["a", "…"], "b\n")).toBe(false);
});
