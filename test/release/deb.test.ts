/** The .deb: made twice, installed, upgraded and purged by dpkg in a root of its own. The program in it is a small one. */
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { mustRun } from "../support/run.ts";
import { buildPackage, makeDeb } from "./deb-folder.ts";
import { temporaryFolder } from "./release-folder.ts";

/** With a program that says its version, and nothing else. */
async function makeSmallDeb(folder: string, built: string, version: string, name: string): Promise<string> {
  const program = join(folder, `program-${version}`);
  await writeFile(program, `#!/bin/sh\necho ${version}\n`);
  await chmod(program, 0o755);
  const out = join(folder, name);
  await makeDeb({ built, program, machine: "amd64", version, out });
  return out;
}

/** An empty root that dpkg installs into. */
async function emptyRoot(folder: string): Promise<string> {
  const root = join(folder, "root");
  for (const name of ["info", "updates"]) await mkdir(join(root, "var/lib/dpkg", name), { recursive: true });
  await writeFile(join(root, "var/lib/dpkg/status"), "");
  return root;
}

const filesIn = async (root: string): Promise<string[]> => {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => join(parentPath, name));
  return paths
    .map((path) => path.slice(root.length + 1))
    .filter((path) => !path.startsWith("var/"))
    .sort();
};

test("the same bytes each time; dpkg installs and upgrades it, and purging leaves nothing", async () => {
  const folder = await temporaryFolder();
  const built = await buildPackage(folder);
  const first = await makeSmallDeb(folder, built, "1.0.0", "first.deb");
  const again = await makeSmallDeb(folder, built, "1.0.0", "again.deb");
  expect((await readFile(first)).equals(await readFile(again))).toBe(true);

  const root = await emptyRoot(folder);
  const dpkg = (...args: readonly string[]) =>
    mustRun([
      "dpkg",
      `--root=${root}`,
      "--force-depends",
      "--force-script-chrootless",
      "--force-not-root",
      ...args,
    ]);
  await dpkg("-i", first);
  expect(await filesIn(root)).toEqual([
    "usr/bin/tetherdock",
    "usr/share/bash-completion/completions/tetherdock",
    "usr/share/doc/tetherdock/changelog.gz",
    "usr/share/doc/tetherdock/copyright",
    "usr/share/fish/vendor_completions.d/tetherdock.fish",
    ...(await readdir(join(built, "man"))).sort().map((page) => `usr/share/man/man1/${page}.gz`),
    "usr/share/zsh/vendor-completions/_tetherdock",
  ]);
  await dpkg("-i", await makeSmallDeb(folder, built, "1.1.0", "second.deb"));
  expect(await mustRun([join(root, "usr/bin/tetherdock")])).toBe("1.1.0");
  await dpkg("-P", "tetherdock");
  expect(await filesIn(root)).toEqual([]);
});
