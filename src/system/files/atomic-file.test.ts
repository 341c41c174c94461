import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createFile, writeAtomically } from "./atomic-file.ts";

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
