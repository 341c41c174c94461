/** The manual, read by a program that knows what a man page is. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { heading, plain } from "../../src/cli/help/blocks.ts";
import { manPage } from "../../tools/man-page.ts";
import { manPages } from "../../tools/man-pages.ts";
import { mustRun, run } from "../support/run.ts";
import { temporaryFolder } from "./release-folder.ts";

/** Bold is a letter, a backspace, and the letter again. */
function withoutBold(shown: string): string {
  const parts = shown.split("\b");
  return [...parts.slice(0, -1).map((part) => part.slice(0, -1)), parts.at(-1)].join("");
}

const pages = await manPages("1.2.3", new Date(0));

test("a page for the program and for each command; the same text each time", async () => {
  expect([...pages.keys()]).toEqual(
    expect.arrayContaining(["tetherdock.1", "tetherdock-up.1", "tetherdock-audit.1"]),
  );
  expect(await manPages("1.2.3", new Date(0))).toEqual(pages);
});

test.for([...pages])("%s: mandoc has nothing to say against it", async ([name, text]) => {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, text);
  expect(await run(["mandoc", "-Tlint", path])).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("a line with characters outside ASCII is not too long for mandoc, and shows them", async () => {
  const text = "a word … ".repeat(40).trim();
  const page = manPage({ name: "long", brief: "it", version: "1.2.3", date: new Date(0) }, [
    { kind: "paragraph", text: plain(text) },
  ]);
  const path = join(await temporaryFolder(), "dots.1");
  await writeFile(path, page);
  expect(await run(["mandoc", "-Tlint", path])).toEqual({ status: 0, stdout: "", stderr: "" });
  expect(await mustRun(["mandoc", "-Tutf8", "-Owidth=600", path])).toContain(text);
});

test("a long entry, command or heading is shown on one line, and mandoc does not complain", async () => {
  const long = `${"fourteen-bytes ".repeat(9)}"end" …`;
  const text = plain(long);
  const page = manPage({ name: "long", brief: "it", version: "1.2.3", date: new Date(0) }, [
    heading(long, 3),
    { kind: "table", head: [text, text], rows: [[text, text]] },
    { kind: "terms", terms: [{ name: long, text: "what it does" }] },
    { kind: "code", lines: [`  ${long}`] },
  ]);
  const path = join(await temporaryFolder(), "long.1");
  await writeFile(path, page);
  expect(await run(["mandoc", "-Tlint", path])).toEqual({ status: 0, stdout: "", stderr: "" });
  const shown = withoutBold(await mustRun(["mandoc", "-Tutf8", "-Owidth=200", path]));
  expect(shown.split("\n").filter((line) => line.trim() === long)).toHaveLength(5);
});

test("what is shown is what help shows: options, examples that can be copied, the guide", async () => {
  const path = join(await temporaryFolder(), "tetherdock-up.1");
  await writeFile(path, pages.get("tetherdock-up.1") ?? "");
  const shown = await mustRun(["mandoc", "-Tutf8", "-Owidth=78", path]);
  const text = withoutBold(shown);
  expect(text).toContain("TETHERDOCK-UP(1)");
  expect(text).toContain("       --confirm-within TIME\n");
  expect(text).toContain("tetherdock up ssh://root@203.0.113.7:2222 --name build --san build.example\n");
  expect(text).toContain("   What up changes\n");
  expect(text).toContain("1970-01-01");
});
