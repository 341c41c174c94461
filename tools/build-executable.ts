/**
 * Builds the whole CLI with its own Node as one file, which needs only glibc and libstdc++. `dist/executables/` gets
 * one for each machine, gzipped, with a manifest; `up --gateway` installs them on hosts.
 *
 *   node tools/build-executable.ts [x64] [arm64] [--into DIR]     without a machine: this one's
 *
 * Builds for either machine on either, without programs of that machine. Does nothing where the manifest says that it
 * was made from the same code. See docs/adr/0010-gateway-executable.md.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { bundle } from "./bundle.ts";
import { standAlone } from "./stand-alone.ts";

const root = join(import.meta.dirname, "..");
const cache = join(root, ".cache");

/** As `uname -m` says. */
const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

const runQuietly = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The content of the file: the CLI's modules by name, and the start module. */
interface Code {
  readonly main: string;
  readonly modules: Readonly<Record<string, string>>;
  /** Changes when anything in it, or the way it is put together, changes. */
  readonly sum: string;
}

async function readCode(folder: string): Promise<Code> {
  await bundle(folder);
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js")).sort();
  const main = join(import.meta.dirname, "single-file-main.mjs");
  const modules = Object.fromEntries(names.map((name) => [name, join(folder, name)]));
  const makers = ["elf.ts", "strip.ts", "stand-alone.ts"].map((name) => join(import.meta.dirname, name));
  const parts = [main, ...makers, ...Object.values(modules)];
  const sums = await Promise.all(parts.map(async (path) => sha256(await readFile(path))));
  return { main, modules, sum: sha256([...names, ...sums].join("\n")) };
}

function fetchPackage(name: string): string {
  try {
    return runQuietly("npm", "pack", "--silent", "--pack-destination", cache, name);
  } catch (cause) {
    throw new Error(`npm does not bring ${name}, which has that machine's Node`, { cause });
  }
}

/** The folder of a machine's Node: npm installs this machine's; another's is fetched once, in the same version. */
async function nodeFolder(arch: string): Promise<string> {
  const name = `node-linux-${arch}`;
  const installed = join(root, "node_modules", name);
  if (existsSync(installed)) return installed;
  const { optionalDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const version = optionalDependencies[name];
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const packed = fetchPackage(`${name}@${version}`);
  const archive = join(cache, packed.trim().split("\n").at(-1) ?? "");
  const fresh = `${folder}-${process.pid}`;
  await mkdir(fresh);
  runQuietly("tar", "-xzf", archive, "-C", fresh, "--strip-components=1");
  await rm(archive);
  await cp(fresh, folder, { recursive: true });
  await rm(fresh, { recursive: true });
  return folder;
}

/**
 * Node and code in one file. Paths are relative to its folder, because they become part of it and it must be the same
 * everywhere.
 */
async function makeExecutable(work: string, node: string, { main, modules }: Code): Promise<string> {
  const plain = standAlone(await readFile(join(node, "bin/node")));
  await writeFile(join(work, "node"), plain, { mode: 0o755 });
  await copyFile(main, join(work, "main.mjs"));
  const how = { mainFormat: "module", disableExperimentalSEAWarning: true, assets: modules };
  const config = { main: "main.mjs", executable: "node", output: "tetherdock", ...how };
  await writeFile(join(work, "sea.json"), JSON.stringify(config));
  execFileSync(process.execPath, ["--build-sea", "sea.json"], { cwd: work, stdio: "pipe" });
  return join(work, "tetherdock");
}

async function pack(into: string, arch: string, path: string, source: string) {
  const bytes = await readFile(source);
  const packed = gzipSync(bytes, { level: 6 }); // 9 takes three times as long, for half a percent
  const file = `linux-${arch}-${path.split("/").at(-1)}.gz`;
  await writeFile(join(into, file), packed);
  return { path, file, sha256: sha256(bytes), bytes: bytes.length, packedBytes: packed.length };
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
  const node = await nodeFolder(arch);
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
    const files = [await pack(into, arch, "bin/tetherdock", await makeExecutable(work, node, code))];
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
  const modules = await mkdtemp(join(tmpdir(), "tetherdock-modules-"));
  try {
    const code = await readCode(modules);
    for (const arch of positionals.length > 0 ? positionals : [process.arch]) {
      await build(into, arch, code);
    }
  } finally {
    await rm(modules, { recursive: true });
  }
}

try {
  await main();
} catch (failure) {
  process.stderr.write(`build-executable: ${(failure as Error).message}\n`);
  process.exitCode = 1;
}
