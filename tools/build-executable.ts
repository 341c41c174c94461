/**
 * Builds the whole CLI with its own Node as one file, which needs only glibc and libstdc++. `dist/executables/` gets
 * one for each machine, gzipped, with a manifest; `up --gateway` installs them on hosts.
 *
 *   node tools/build-executable.ts [x64] [arm64] [--into DIR]     without a machine: this one's
 *
 * Builds for either machine on either, without programs of that machine. Does nothing where the manifest says that it
 * was made from the same code. See docs/adr/0010-gateway-executable.md.
 */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Code, makeSingleFile, nodeFolder, packed, sha256, withCode } from "./single-file.ts";
import { standAlone } from "./stand-alone.ts";

const root = join(import.meta.dirname, "..");

/** As `uname -m` says. */
const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

async function pack(into: string, arch: string, path: string, source: string) {
  const bytes = await readFile(source);
  const small = packed(bytes);
  const file = `linux-${arch}-${path.split("/").at(-1)}.gz`;
  await writeFile(join(into, file), small);
  return { path, file, sha256: sha256(bytes), bytes: bytes.length, packedBytes: small.length };
}

/** Whether it was made from the same code, with the same Node, and is complete. */
async function isCurrent(into: string, manifest: string, made: string): Promise<boolean> {
  try {
    const { files, from } = JSON.parse(await readFile(manifest, "utf8"));
    return from === made && files.every(({ file }: { file: string }) => existsSync(join(into, file)));
  } catch {
    return false;
  }
}

async function build(into: string, arch: string, code: Code): Promise<void> {
  const machine = MACHINES[arch];
  if (!machine) throw new Error(`no executable can be made for ${arch}: ${Object.keys(MACHINES).join(", ")}`);
  const node = await nodeFolder(`node-linux-${arch}`);
  const { version } = JSON.parse(await readFile(join(node, "package.json"), "utf8"));
  const from = sha256(`${version}\n${code.sum}`);
  const manifest = join(into, `linux-${arch}.json`);
  if (await isCurrent(into, manifest, from)) {
    console.log(`${manifest} is current`);
    return;
  }
  const work = join(into, `.build-${process.pid}`);
  await mkdir(work, { recursive: true });
  try {
    const plain = standAlone(await readFile(join(node, "bin/node")));
    const files = [await pack(into, arch, "bin/tetherdock", await makeSingleFile(work, plain, code))];
    const { version: tetherdock } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const text = { version: tetherdock, node: version, machine, from, files };
    await copyFile(join(node, "LICENSE"), join(into, "LICENSE-node"));
    await writeFile(manifest, `${JSON.stringify(text, null, 2)}\n`);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  console.log(`built ${manifest}`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { into: { type: "string" } },
  });
  const into = resolve(values.into ?? join(root, "dist/executables"));
  await mkdir(into, { recursive: true });
  await withCode(async (code) => {
    for (const arch of positionals.length > 0 ? positionals : [process.arch]) await build(into, arch, code);
  });
}

try {
  await main();
} catch (failure) {
  process.stderr.write(`build-executable: ${(failure as Error).message}\n`);
  process.exitCode = 1;
}
