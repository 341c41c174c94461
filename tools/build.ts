/**
 * Builds the published package: `dist/`, or the given folder, is a complete npm package, ready for `npm pack`.
 * Everything is bundled, so that installing it fetches nothing else.
 */
import { chmod, copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { bundle } from "./bundle.ts";
import { manPages } from "./man-pages.ts";

const root = join(import.meta.dirname, "..");
const dist = resolve(process.argv[2] ?? join(root, "dist"));
// Built in another folder and swapped, so that a running program does not load half of it.
const fresh = `${dist}-${process.pid}`;

/** The licences that must accompany the bundled code. A package without one stops the build. */
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

/** Writes the manual. Its date is that of the commit for a release, and of today for everybody else. */
async function writeManual(version: string): Promise<string[]> {
  const seconds = process.env["SOURCE_DATE_EPOCH"];
  const date = seconds === undefined ? new Date() : new Date(Number(seconds) * 1000);
  const pages = await manPages(version, date);
  await mkdir(join(fresh, "man"));
  for (const [name, text] of pages) await writeFile(join(fresh, "man", name), text);
  return [...pages.keys()].map((name) => `man/${name}`);
}

/** The published package.json: no scripts, no dependencies, nothing private. */
function manifest(source: Record<string, unknown>, man: readonly string[]): Record<string, unknown> {
  const kept = ["name", "version", "description", "keywords", "license", "author", "type", "engines"];
  const entries = kept.filter((key) => key in source).map((key) => [key, source[key]]);
  return { ...Object.fromEntries(entries), bin: { tetherdock: "main.js" }, man };
}

async function copyIfThere(name: string): Promise<void> {
  if ((await readdir(root)).includes(name)) await copyFile(join(root, name), join(fresh, name));
}

/** A release costs ten minutes. Executables are not kept: they would be older than what sends them. */
async function keepRelease(): Promise<void> {
  await rename(join(dist, "release"), join(fresh, "release")).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
}

async function main(): Promise<void> {
  await mkdir(fresh, { recursive: true });
  try {
    const packages = await bundle(fresh);
    const source = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
    const man = await writeManual(source.version);
    await writeFile(join(fresh, "package.json"), `${JSON.stringify(manifest(source, man), null, 2)}\n`);
    await writeFile(join(fresh, "THIRD-PARTY-LICENCES.md"), await licences(packages));
    for (const name of ["README.md", "LICENSE", "CHANGELOG.md"]) await copyIfThere(name);
    await chmod(join(fresh, "main.js"), 0o755);
    await keepRelease();
    await rm(dist, { recursive: true, force: true });
    await rename(fresh, dist);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

await main();
