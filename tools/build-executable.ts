/**
 * Builds what `up --gateway` puts on hosts: `dist/executables/` has, for each machine, the whole CLI with its own Node
 * in one file, the one library that a bare host may lack, both gzipped, and a manifest with their checksums.
 *
 *   node tools/build-executable.ts [x64] [arm64] [--into DIR]     without a machine: this one's
 *
 * Does nothing where the manifest says that it was made from the same code. See docs/adr/0010-gateway-executable.md.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { copyFile, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";

const root = join(import.meta.dirname, "..");
const cache = join(root, ".cache");

/** What building for a machine takes; the programs and libraries are Debian's. */
interface Machine {
  /** As `uname -m` says. */
  readonly machine: string;
  readonly strip: string;
  readonly libatomic: string;
  readonly packages: string;
}

const MACHINES: Readonly<Record<string, Machine>> = {
  x64: {
    machine: "x86_64",
    strip: process.arch === "x64" ? "strip" : "x86_64-linux-gnu-strip",
    libatomic: "/usr/lib/x86_64-linux-gnu/libatomic.so.1",
    packages: "binutils patchelf libatomic1",
  },
  arm64: {
    machine: "aarch64",
    strip: process.arch === "arm64" ? "strip" : "aarch64-linux-gnu-strip",
    libatomic:
      process.arch === "arm64"
        ? "/usr/lib/aarch64-linux-gnu/libatomic.so.1"
        : "/usr/aarch64-linux-gnu/lib/libatomic.so.1",
    packages: "binutils-aarch64-linux-gnu patchelf libatomic1-arm64-cross",
  },
};

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

/** Node and code in one file. Stripped before: afterwards strip would take the code for rubbish. */
async function makeExecutable(work: string, node: string, code: string, { strip }: Machine): Promise<string> {
  const [plain, main, config, output] = ["node", "main.mjs", "sea.json", "tetherdock"].map((name) =>
    join(work, name),
  ) as [string, string, string, string];
  await copyFile(join(node, "bin/node"), plain);
  runQuietly(strip, plain);
  await writeFile(main, code);
  const sea = { main, mainFormat: "module", executable: plain, output, disableExperimentalSEAWarning: true };
  await writeFile(config, JSON.stringify(sea));
  runQuietly(process.execPath, "--build-sea", config);
  // Last: what --build-sea does to a file that patchelf has been at does not start.
  runQuietly("patchelf", "--set-rpath", "$ORIGIN/../lib", output);
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
    const executable = await makeExecutable(work, node, code, machine);
    const files = [
      await pack(into, arch, "bin/tetherdock", executable),
      await pack(into, arch, "lib/libatomic.so.1", machine.libatomic),
    ];
    const { version: tetherdock } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const text = { version: tetherdock, node: version, machine: machine.machine, from, files };
    await copyFile(join(node, "LICENSE"), join(into, "LICENSE-node"));
    await copyFile("/usr/share/doc/libatomic1/copyright", join(into, "LICENSE-libatomic"));
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
    try {
      await build(into, arch, code);
    } catch (cause) {
      const packages = MACHINES[arch]?.packages ?? "";
      throw new Error(`no executable for ${arch}; it takes these of Debian's packages: ${packages}`, {
        cause,
      });
    }
  }
}

await main();
