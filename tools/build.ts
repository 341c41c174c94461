/**
 * Builds what is published: `dist/`, or the folder given, is a whole npm package, ready for `npm pack`.
 * Everything is bundled, so that installing it fetches nothing else; and split where commands are
 * loaded, so that `tetherdock env` at a shell's start reads little.
 */
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type InputOptions, type OutputAsset, type OutputChunk, rolldown } from "rolldown";

const root = join(import.meta.dirname, "..");
const dist = resolve(process.argv[2] ?? join(root, "dist"));
// Built aside and swapped: what runs from there meanwhile does not load half of it.
const fresh = `${dist}-${process.pid}`;

const options: InputOptions = {
  platform: "node",
  cwd: root,
  onLog(level, log) {
    if (level === "warn") throw new Error(`the bundler warns: ${log.message}`);
  },
};

const isChunk = (file: OutputChunk | OutputAsset): file is OutputChunk => file.type === "chunk";

/**
 * The modules that `tetherdock env` loads: src/cli/start.ts and what it imports statically. Each file
 * costs Node about a millisecond, more than parsing hundreds of lines, so these become one.
 */
async function startupModules(): Promise<Set<string>> {
  const build = await rolldown({ ...options, input: { start: join(root, "src/cli/start.ts") } });
  const { output } = await build.generate({ format: "esm" });
  await build.close();
  const chunks = output.filter(isChunk);
  const reached = new Set<OutputChunk>();
  const visit = (chunk: OutputChunk | undefined): void => {
    if (!chunk || reached.has(chunk)) return;
    reached.add(chunk);
    for (const name of chunk.imports) visit(chunks.find(({ fileName }) => fileName === name));
  };
  visit(chunks.find(({ isEntry }) => isEntry));
  return new Set([...reached].flatMap(({ moduleIds }) => moduleIds));
}

/** @returns the folders of the packages that went into the bundle. */
async function bundle(): Promise<string[]> {
  const startup = await startupModules();
  const build = await rolldown({
    ...options,
    preserveEntrySignatures: "allow-extension",
    input: { main: join(root, "src/cli/main.ts") },
  });
  const { output } = await build.write({
    dir: fresh,
    format: "esm",
    entryFileNames: "[name].js",
    chunkFileNames: "chunks/[name]-[hash].js",
    comments: { legal: true, annotation: false, jsdoc: false },
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [{ name: "startup", test: (id) => startup.has(id) }],
    },
  });
  await build.close();
  const modules = output.filter(isChunk).flatMap(({ moduleIds }) => moduleIds);
  const folders = modules.map((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** The licences we must pass on with the code we bundle. A package without one stops the build. */
async function licences(folders: readonly string[]): Promise<string> {
  const parts = folders.map(async (folder) => {
    const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    if (!file && !license) throw new Error(`no licence in ${folder}`);
    const text = file ? await readFile(join(folder, file), "utf8") : `${license}\n`;
    return `## ${name} ${version}\n\n${text.trim()}\n`;
  });
  return `# Licences of the code bundled in tetherdock\n\n${(await Promise.all(parts)).join("\n")}`;
}

/** The package.json of what is published: no scripts, no dependencies, nothing private. */
function manifest(source: Record<string, unknown>): Record<string, unknown> {
  const kept = ["name", "version", "description", "keywords", "license", "author", "type", "engines"];
  const entries = kept.filter((key) => key in source).map((key) => [key, source[key]]);
  return { ...Object.fromEntries(entries), bin: { tetherdock: "main.js" } };
}

async function copyIfThere(name: string): Promise<void> {
  if ((await readdir(root)).includes(name)) await copyFile(join(root, name), join(fresh, name));
}

async function main(): Promise<void> {
  await mkdir(fresh, { recursive: true });
  try {
    const packages = await bundle();
    const source = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    await writeFile(join(fresh, "package.json"), `${JSON.stringify(manifest(source), null, 2)}\n`);
    await writeFile(join(fresh, "THIRD-PARTY-LICENCES.md"), await licences(packages));
    for (const name of ["README.md", "LICENSE", "CHANGELOG.md"]) await copyIfThere(name);
    await chmod(join(fresh, "main.js"), 0o755);
    await rm(dist, { recursive: true, force: true });
    await rename(fresh, dist);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

await main();
