/** The .deb: made twice, installed, upgraded and purged by dpkg in a root of its own. The program in it is a small one. */
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { mustRun } from "../support/run.ts";
import { ROOT, temporaryFolder } from "./release-folder.ts";

/** The built package, with what tools/build-executable.ts adds. */
async function buildPackage(folder: string): Promise<string> {
  const built = join(folder, "package");
  await mustRun([process.execPath, join(ROOT, "tools/build.ts"), built]);
  await mkdir(join(built, "executables"));
  await writeFile(join(built, "executables/LICENSE-node"), "Node's licence\n");
  return built;
}

async function makeDeb(folder: string, built: string, version: string, out: string): Promise<string> {
  const program = join(folder, `program-${version}`);
  await writeFile(program, `#!/bin/sh\necho ${version}\n`);
  await chmod(program, 0o755);
  const path = `${dirname(process.execPath)}:${process.env["PATH"]}`;
  const make = [join(ROOT, "scripts/lib/make-deb"), program, "amd64", version, built, join(folder, out)];
  await mustRun(["env", `PATH=${path}`, "SOURCE_DATE_EPOCH=1000000000", ...make]);
  return join(folder, out);
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
  const first = await makeDeb(folder, built, "1.0.0", "first.deb");
  const again = await makeDeb(folder, built, "1.0.0", "again.deb");
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
  await dpkg("-i", await makeDeb(folder, built, "1.1.0", "second.deb"));
  expect(await mustRun([join(root, "usr/bin/tetherdock")])).toBe("1.1.0");
  await dpkg("-P", "tetherdock");
  expect(await filesIn(root)).toEqual([]);
});
