/**
 * From nothing to `docker ps` on another host, as a new user types it: on each Debian with nothing but its minimal base,
 * OpenSSH's client and docker's CLI, from a folder of files, by install.sh and by the .deb.
 */
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPackage, makeDeb } from "../release/deb-folder.ts";
import { makeRelease, ROOT, realFiles, temporaryFolder } from "../release/release-folder.ts";
import { bootHost, type Host, missingRelease, type Release } from "../support/host.ts";
import { run } from "../support/run.ts";

/** It takes about ten seconds on two busy cores. */
const LIMIT_MS = 30_000;
const LAPTOP = join(ROOT, "test/hosts/laptop");
const FILE = `tetherdock-linux-${process.arch}`;
let release = "";
let version = "";

/** The packed file, install.sh and the .deb: what is sent to a laptop. */
beforeAll(async () => {
  ({ version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")));
  const work = await temporaryFolder(afterAll);
  release = await makeRelease(await realFiles(), afterAll);
  await writeFile(join(release, "install.sh"), await readFile(join(ROOT, "install.sh")));
  const program = join(release, FILE);
  await chmod(program, 0o755);
  const machine = process.arch === "x64" ? "amd64" : "arm64";
  await makeDeb({
    built: await buildPackage(work),
    program,
    machine,
    version,
    out: join(release, "tetherdock.deb"),
  });
  await rm(program);
  await chmod(release, 0o755); // not only root reads it
});

/** What a new user has not: the file must not need it. */
const NOT_THERE = "node npm python3 curl wget sudo sshd";

/** A new user's way, from what they type to install it to what they type to remove it. */
interface Way {
  readonly user: "root" | "you";
  readonly install: string;
  readonly remove: string;
}

const WAYS: Readonly<Record<string, Way>> = {
  "install.sh": { user: "you", install: "sh install.sh", remove: "sh install.sh --uninstall" },
  ".deb": { user: "root", install: "dpkg -i tetherdock.deb", remove: "dpkg -P tetherdock" },
};

const here = (name: string, text: string): string => `cat >~/.ssh/${name} <<'END'\n${text.trimEnd()}\nEND\n`;

/** The key to the host, and the host in known_hosts: what a user has before tetherdock. */
async function sshFiles(host: Host): Promise<string> {
  const known = (await readFile(host.knownHosts, "utf8")).replace(/^\S+/gm, host.ip);
  const files = [here("id", await readFile(host.key, "utf8")), here("known_hosts", known)];
  return `mkdir -p -m 700 ~/.ssh; ${files.join("")}${here("config", "IdentityFile ~/.ssh/id")}chmod 600 ~/.ssh/*\n`;
}

/** Types all of a way; between "begins" and "ends" is what must take less than half a minute. */
async function scriptFor(host: Host, { install, remove }: Way): Promise<string> {
  return `set -e
for program in ${NOT_THERE}; do if command -v $program; then exit 9; fi; done
if /sbin/ldconfig -p | grep libatomic; then exit 9; fi
${await sshFiles(host)}
cd /mnt
echo "begins $(date +%s%3N)"
${install}
export PATH=~/.local/bin:$PATH
tetherdock up core@${host.ip} --name web --yes
eval "$(tetherdock env)"
docker ps
echo "ends $(date +%s%3N)"
tetherdock --version
tetherdock down web --yes
${remove}
hash -r; if command -v tetherdock; then exit 9; fi
echo removed
`;
}

const releases: readonly Release[] = ["bookworm", "trixie", "forky"];
const missing = new Map(
  await Promise.all(releases.map(async (one) => [one, await missingRelease(one)] as const)),
);

describe.each(releases)("on Debian %s", (one) => {
  test.skipIf(missing.get(one) !== null)(
    "installed, a host set up, docker ps: in half a minute",
    async () => {
      await using host = await bootHost({ name: "install", release: one });
      for (const [way, what] of Object.entries(WAYS)) {
        const laptop = [LAPTOP, one, release, what.user] as const;
        const { status, stdout, stderr } = await run(laptop, await scriptFor(host, what));
        expect(status, `${one}, ${way}\n${stdout}\n${stderr}`).toBe(0);
        const [began = 0, ended = 0] = [...stdout.matchAll(/^(?:begins|ends) (\d+)$/gm)].map((at) =>
          Number(at[1]),
        );
        console.log(`${one}, ${way}: ${((ended - began) / 1000).toFixed(1)} s`);
        expect(ended - began, `${one}, ${way}`).toBeLessThan(LIMIT_MS);
        expect(stdout).toMatch(/^CONTAINER ID/m);
        expect(stdout.split("\n")).toEqual(expect.arrayContaining([version, "removed"]));
      }
    },
  );
});

test("a Node in PATH, however old, is not asked", async () => {
  const folder = await temporaryFolder();
  const program = join(folder, "tetherdock");
  await writeFile(program, (await realFiles())[FILE] ?? "", { mode: 0o755 });
  for (const node of ["18.20.4", "20.20.2"]) {
    await writeFile(join(folder, "node"), `#!/bin/sh\necho v${node}; exit 99\n`, { mode: 0o755 });
    const told = await run([program, "--version"], "", {
      env: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder },
    });
    expect(told).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  }
});
