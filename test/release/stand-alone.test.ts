/** Node without libatomic, made without strip and patchelf: it runs, and a Node that needs more stops the build. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Elf } from "../../tools/elf.ts";
import { standAlone } from "../../tools/stand-alone.ts";
import { mustRun } from "../support/run.ts";
import { temporaryFolder } from "./release-folder.ts";

const node = await readFile(process.execPath);

test("it runs, is smaller, and the loader does not look for libatomic", async () => {
  const path = join(await temporaryFolder(), "node");
  const made = standAlone(node);
  await writeFile(path, made, { mode: 0o755 });
  expect(await mustRun([path, "-p", "process.version"])).toBe(process.version);
  expect(await mustRun(["ldd", path])).not.toContain("libatomic");
  expect(made.length).toBeLessThan(node.length);
});

test("a Node that needs another function of libatomic", () => {
  const other = Buffer.from(node);
  other.write("__atomic_fetch_nand_8_xxx\0", other.indexOf("__atomic_compare_exchange\0"));
  expect(() => standAlone(other)).toThrow("of libatomic.so.1 it needs __atomic_fetch_nand_8_xxx");
});

test("a Node that does not need libatomic, another machine's, and what is no program", () => {
  expect(() => standAlone(standAlone(node))).toThrow("libatomic.so.1");
  const other = Buffer.from(node);
  other.writeUInt16LE(243, 18);
  expect(() => standAlone(other)).toThrow("243");
  expect(() => new Elf(Buffer.from("#!/bin/sh\necho this is no program\n"))).toThrow("not an ELF file");
});
