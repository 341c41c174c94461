/** The single file for macOS, as far as it can be looked at on Linux: nobody has run it. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { mustRun, run } from "../support/run.ts";
import { ROOT, temporaryFolder } from "./release-folder.ts";

const build = (...args: string[]): readonly [string, ...string[]] => [
  process.execPath,
  join(ROOT, "tools/build-macos.ts"),
  ...args,
];

test("a 64-bit Mach-O program for arm64 that starts the code in it, and holds the CLI's", async () => {
  const folder = await temporaryFolder();
  await mustRun(build(folder, "arm64"));
  const file = gunzipSync(await readFile(join(folder, "tetherdock-macos-arm64.gz")));
  // mach-o/loader.h: MH_MAGIC_64, CPU_TYPE_ARM64, MH_EXECUTE
  expect([0, 4, 12].map((at) => file.readUInt32LE(at))).toEqual([0xfeedfacf, 0x0100000c, 2]);
  expect(file.includes("NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2:1")).toBe(true);
  expect(file.includes("Set up TLS for docker on a host")).toBe(true);
}, 120_000);

test("another machine is refused", async () => {
  const { status, stderr } = await run(build(await temporaryFolder(), "ppc"));
  expect(status).not.toBe(0);
  expect(stderr).toContain("no file can be made for ppc: x64, arm64");
});
