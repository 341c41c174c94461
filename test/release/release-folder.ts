/** Folders as scripts/release makes them, with what a test needs of one, and a laptop that install.sh runs on. */
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { type Output, run } from "../support/run.ts";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What install.sh may use, and no more: no Node above all. */
const PROGRAMS =
  "awk cat chmod cp cut dirname env getconf gzip ldd mkdir mktemp mv rm sed sha256sum sh uname".split(" ");

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** @param atEnd when it goes: with the test, or with the file (`afterAll`) */
export async function temporaryFolder(
  atEnd: (remove: () => Promise<void>) => void = onTestFinished,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "tetherdock-release-"));
  atEnd(() => rm(folder, { recursive: true }));
  return folder;
}

/** A release of these files, with their sums. */
export async function makeRelease(
  files: Readonly<Record<string, Uint8Array>>,
  atEnd?: Parameters<typeof temporaryFolder>[0],
): Promise<string> {
  const folder = await temporaryFolder(atEnd);
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  const sums = Object.entries(files).map(([name, bytes]) => `${sha256(bytes)}  ${name}\n`);
  await writeFile(join(folder, "SHA256SUMS"), sums.join(""));
  return folder;
}

/** A release whose program does nothing but say a version. */
export function makeSmallRelease(version: string): Promise<string> {
  const bytes = Buffer.from(`#!/bin/sh\necho ${version}\n`);
  return makeRelease({ "tetherdock-linux-x64": bytes, "tetherdock-linux-arm64": bytes });
}

/** Somebody's laptop: an empty home, and in PATH what every Linux has. */
export interface Laptop {
  readonly home: string;
  /** Where the programs are; what a test writes there stands in for one. */
  readonly bin: string;
  /** Runs a command line there. */
  run(...argv: readonly [string, ...string[]]): Promise<Output>;
  /** Writes a program that stands in for another. */
  pretend(name: string, script: string): Promise<void>;
}

export async function makeLaptop(): Promise<Laptop> {
  const folder = await temporaryFolder();
  const [home, bin] = [join(folder, "home"), join(folder, "bin")];
  await Promise.all([mkdir(home), mkdir(bin)]);
  for (const name of PROGRAMS) await symlink(`/usr/bin/${name}`, join(bin, name));
  const pretend = async (name: string, script: string): Promise<void> => {
    await rm(join(bin, name), { force: true });
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  // Tests run as root, and are to install into a home.
  await pretend("id", "echo 1000");
  const env = { HOME: home, PATH: `${bin}:${home}/.local/bin` };
  return { home, bin, pretend, run: (...argv) => run(argv, "", { env, cwd: home }) };
}

/** The real single file for this machine, as it is released: packed and plain. */
export async function realFiles(): Promise<Record<string, Uint8Array>> {
  const { gunzipSync } = await import("node:zlib");
  const built = await run([process.execPath, join(ROOT, "tools/build-executable.ts")]);
  if (built.status !== 0) throw new Error(built.stderr);
  const packed = await readFile(join(ROOT, `dist/executables/linux-${process.arch}-tetherdock.gz`));
  const name = `tetherdock-linux-${process.arch}`;
  return { [`${name}.gz`]: packed, [name]: gunzipSync(packed) };
}
