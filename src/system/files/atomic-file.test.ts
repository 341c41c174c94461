import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFile, unfinishedIn, writeAtomically } from "./atomic-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tetherdock-atomic-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("readers see the old text or the new one, never a part", async () => {
  const path = join(folder, "f");
  const texts = ["a".repeat(100_000), "b".repeat(200_000)];
  writeFileSync(path, texts[0] ?? "");
  let done = false;
  const writing = (async () => {
    for (let round = 0; round < 40; round++) await writeAtomically(path, texts[round % 2] ?? "", 0o600);
    done = true;
  })();
  while (!done) {
    expect(texts).toContain(readFileSync(path, "utf8"));
    await new Promise(setImmediate);
  }
  await writing;
  expect(readdirSync(folder)).toEqual(["f"]);
});

test("an error while writing is reported even if the unfinished file cannot be removed", async () => {
  writeFileSync(join(folder, "file"), "");
  const failure = await writeAtomically(join(folder, "file", "f"), "x", 0o600).catch(
    (error: unknown) => error,
  );
  expect(failure).toMatchObject({ code: "FILE_FAILED" });
});

test("the hint of a failure is a command that runs, whatever is in the path", async () => {
  mkdirSync(join(folder, "my files"));
  await expect(createFile(join(folder, "my files"), "x", 0o600)).rejects.toThrow(
    expect.objectContaining({ code: "FILE_FAILED", hints: [`ls -ld '${folder}/my files'`] }),
  );
});

test("a failure leaves nothing behind", async () => {
  await expect(writeAtomically(join(folder, "missing/f"), "x", 0o600, folder)).rejects.toThrow(
    expect.objectContaining({ code: "FILE_FAILED", why: ["it does not exist"] }),
  );
  expect(readdirSync(folder)).toEqual([]);
});

test("createFile() follows no symbolic link and overwrites nothing", async () => {
  symlinkSync(join(folder, "elsewhere"), join(folder, "link"));
  await expect(createFile(join(folder, "link"), "x", 0o600)).rejects.toThrow(
    expect.objectContaining({ code: "FILE_FAILED" }),
  );
  expect(readdirSync(folder)).toEqual(["link"]);
  await createFile(join(folder, "f"), "x", 0o600);
  expect(statSync(join(folder, "f")).mode & 0o777).toBe(0o600);
});

test("what a killed writer left behind is removed by the next write, once it is old", async () => {
  const old = new Date(Date.now() - 2 * 3_600_000);
  const [fresh, killed, scratch] = [1, 2, 3].map(() => unfinishedIn(folder)) as [string, string, string];
  const others = [".tetherdock-notes", "unfinished"].map((name) => join(folder, name));
  for (const path of [fresh, killed, ...others]) writeFileSync(path, "x");
  mkdirSync(scratch);
  writeFileSync(join(scratch, "key.pem"), "x");
  for (const path of [killed, scratch, ...others]) utimesSync(path, old, old);
  await writeAtomically(join(folder, "f"), "x", 0o600);
  expect(readdirSync(folder).toSorted()).toEqual([
    ".tetherdock-notes",
    fresh.slice(folder.length + 1),
    "f",
    "unfinished",
  ]);
});
