/**
 * Builds the whole CLI with its own Node in one file, which needs nothing but glibc and libstdc++ where it runs.
 * `dist/executables/` has it for each machine, gzipped, with a manifest: what `up --gateway` puts on hosts.
 *
 *   node tools/build-executable.ts [x64] [arm64] [--into DIR]     without a machine: this one's
 *
 * Builds for either machine on either, without programs of that machine. Does nothing where the manifest says that it
 * was made from the same code. See docs/adr/0010-gateway-executable.md.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import { standAlone } from "./stand-alone.ts";

const root = join(import.meta.dirname, "..");
const cache = join(root, ".cache");

/** As `uname -m` says. */
const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64", arm64: "aarch64" };

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");

const runQuietly = (program: string, ...args: string[]): string =>
  execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

/** The whole CLI as one module. */
async function bundle(): Promise<string> {
  const build = await rolldown({
    platform: "node",
    cwd: root,
    input: join(root, "src/cli/main.ts"),
    onLog(level, log) {
      if (level === "warn") throw new Error(`the bundler warns: ${log.message}`);
    },
  });
  const { output } = await build.generate({
    format: "esm",
    codeSplitting: false,
    comments: { legal: true, annotation: false, jsdoc: false },
  });
  await build.close();
  const [main, second] = output;
  if (second) throw new Error(`one file was expected, not also ${second.fileName}`);
  return main.code;
}

/** The folder of a machine's Node: npm brings this machine's own; another's is fetched once, in the same version. */
async function nodeFolder(arch: string): Promise<string> {
  const name = `node-linux-${arch}`;
  const installed = join(root, "node_modules", name);
  if (existsSync(installed)) return installed;
  const { optionalDependencies } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const version = optionalDependencies[name];
  const folder = join(cache, `${name}-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const packed = runQuietly("npm", "pack", "--silent", "--pack-destination", cache, `${name}@${version}`);
  const archive = join(cache, packed.trim().split("\n").at(-1) ?? "");
  const fresh = `${folder}-${process.pid}`;
  await mkdir(fresh);
  runQuietly("tar", "-xzf", archive, "-C", fresh, "--strip-components=1");
  await rm(archive);
  await cp(fresh, folder, { recursive: true });
  await rm(fresh, { recursive: true });
  return folder;
}

/** Node and code in one file. */
async function makeExecutable(work: string, node: string, code: string): Promise<string> {
  const [plain, main, config, output] = ["node", "main.mjs", "sea.json", "tetherdock"].map((name) =>
    join(work, name),
  ) as [string, string, string, string];
  await writeFile(plain, standAlone(await readFile(join(node, "bin/node"))), { mode: 0o755 });
  await writeFile(main, code);
  const sea = { main, mainFormat: "module", executable: plain, output, disableExperimentalSEAWarning: true };
  await writeFile(config, JSON.stringify(sea));
  runQuietly(process.execPath, "--build-sea", config);
  return output;
}

async function pack(into: string, arch: string, path: string, source: string) {
  const bytes = await readFile(source);
  const packed = gzipSync(bytes, { level: 6 }); // 9 takes three times as long, for half a percent
  const file = `linux-${arch}-${path.split("/").at(-1)}.gz`;
  await writeFile(join(into, file), packed);
  return { path, file, sha256: sha256(bytes), bytes: bytes.length, packedBytes: packed.length };
}

/** Whether it was made from the same code, with the same Node, and is there whole. */
async function isCurrent(into: string, manifest: string, made: string): Promise<boolean> {
  try {
    const { files, from } = JSON.parse(await readFile(manifest, "utf8"));
    return from === made && files.every(({ file }: { file: string }) => existsSync(join(into, file)));
  } catch {
    return false;
  }
}

async function build(into: string, arch: string, code: string): Promise<void> {
  const machine = MACHINES[arch];
  if (!machine) throw new Error(`no executable can be made for ${arch}: ${Object.keys(MACHINES).join(", ")}`);
  const node = await nodeFolder(arch);
  const { version } = JSON.parse(await readFile(join(node, "package.json"), "utf8"));
  const from = sha256(`${version}\n${code}`);
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
  const code = await bundle();
  for (const arch of positionals.length > 0 ? positionals : [process.arch]) {
    await build(into, arch, code);
  }
}

await main();
