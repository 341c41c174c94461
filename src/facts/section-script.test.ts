import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { sectionScript } from "./section-script.ts";
import { filesIn, splitSections } from "./sections.ts";

const folder = mkdtempSync(join(tmpdir(), "sections-"));
afterAll(() => rmSync(folder, { recursive: true }));

const path = (name: string) => join(folder, name);
writeFileSync(path("a b"), "x\ny");
writeFileSync(path("long"), "z".repeat(100));
symlinkSync("/dev/null", path("masked"));
execFileSync("mkfifo", [path("pipe")]);

function printed(maskedToo: boolean): Record<string, string> {
  const names = ["a b", "long", "masked", "pipe", "none", "."].map((name) => `f x '${path(name)}'`);
  const script = `${sectionScript({ marker: "m-1", maxFileBytes: 30, maskedToo })}${names.join("\n")}\ns end`;
  const output = execFileSync("sh", ["-c", script], { encoding: "utf8", timeout: 10_000 });
  const files = filesIn(splitSections(output, "m-1"), "x");
  return Object.fromEntries(files.map(({ path: at, text }) => [at.slice(folder.length + 1), text]));
}

describe("sectionScript() prints what splitSections() reads", () => {
  test("prints regular files up to their limit; no pipes, folders or missing files", () => {
    expect(printed(false)).toEqual({ "a b": "x\ny", long: "z".repeat(30) });
  });

  test("the script can set another limit for some files", () => {
    const file = `f x '${path("long")}'`;
    const script = `${sectionScript({ marker: "m-1", maxFileBytes: 30 })}limit=50; ${file}; limit=; ${file}\ns end`;
    const output = execFileSync("sh", ["-c", script], { encoding: "utf8" });
    const texts = filesIn(splitSections(output, "m-1"), "x").map(({ text }) => text.length);
    expect(texts).toEqual([50, 30]);
  });

  test("prints a masked unit as an empty file, if asked", () => {
    expect(printed(true)).toEqual({ "a b": "x\ny", long: "z".repeat(30), masked: "" });
  });
});
