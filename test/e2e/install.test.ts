/** A host as a bare laptop: nothing but Debian's base, no Node, no libatomic. install.sh from a folder, and the file runs. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeRelease, ROOT, realFiles } from "../release/release-folder.ts";
import { bootHost } from "../support/host.ts";
import { mustRun, run } from "../support/run.ts";
import { destinationOf } from "../support/up-and-down.ts";

test("on a minimal Debian: installed from a folder, it runs", async () => {
  const release = await makeRelease(await realFiles());
  await writeFile(join(release, "install.sh"), await readFile(join(ROOT, "install.sh")));
  // The packed one is enough, and is a quarter of what there would be to send.
  await rm(join(release, `tetherdock-linux-${process.arch}`));
  await using host = await bootHost({ name: "install", flavour: "coreos" });
  const ssh = ["ssh", "-F", host.sshConfig, destinationOf(host)] as const;
  await mustRun([
    "sh",
    "-c",
    'folder=$1; shift; tar -cC "$folder" . | "$@"',
    "sh",
    release,
    ...ssh,
    "tar -x",
  ]);
  expect(
    await mustRun([...ssh, "command -v node; /sbin/ldconfig -p >all && grep libatomic all; test -s all"]),
  ).toBe("");
  const commands = "sh install.sh && ~/.local/bin/tetherdock --help && ~/.local/bin/tetherdock env --unset";
  const { status, stdout, stderr } = await run([...ssh, commands]);
  expect({ status }, stderr).toEqual({ status: 0 });
  expect(stdout).toContain("installed tetherdock ");
  expect(stdout).toContain("tetherdock up ");
  expect(stdout).toContain("unset DOCKER_HOST");
});
