/**
 * From nothing to `docker ps` on a second host, as a new user types it: on each Debian with nothing but its base and
 * docker's CLI, no Node and no libatomic, from a folder of files, by install.sh and by the .deb.
 */
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPackage, makeDeb } from "../release/deb-folder.ts";
import { makeRelease, ROOT, realFiles, temporaryFolder } from "../release/release-folder.ts";
import { bootHost, type Host, missingRelease, type Release } from "../support/host.ts";
import { mustRun, type Output, run } from "../support/run.ts";

/** It takes about ten seconds on two busy cores. */
const LIMIT_MS = 30_000;
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
});

/** A fresh laptop, with the key to the host and the host in known_hosts. */
class Laptop {
  readonly #host: Host;

  constructor(host: Host) {
    this.#host = host;
  }

  run(command: string): Promise<Output> {
    return this.#host.ssh(command, { user: "core" });
  }

  async must(command: string): Promise<string> {
    const { status, stdout, stderr } = await this.run(command);
    expect({ status, command }, stderr).toEqual({ status: 0, command });
    return stdout;
  }

  async getReadyFor(other: Host): Promise<void> {
    const known = (await readFile(other.knownHosts, "utf8")).replace(/^\S+/gm, other.ip);
    const files = {
      id: await readFile(other.key, "utf8"),
      known_hosts: known,
      config: "IdentityFile ~/.ssh/id\n",
    };
    await this.must("mkdir -p -m 700 .ssh");
    for (const [name, input] of Object.entries(files))
      await this.#host.ssh(`cat >.ssh/${name}; chmod 600 .ssh/${name}`, { user: "core", input });
    const to = ["ssh", "-F", this.#host.sshConfig, "-l", "core", this.#host.name, "tar -x"] as const;
    await mustRun(["sh", "-c", 'folder=$1; shift; tar -cC "$folder" . | "$@"', "sh", release, ...to]);
  }
}

const releases: readonly Release[] = ["bookworm", "trixie", "forky"];
const missing = new Map(
  await Promise.all(releases.map(async (one) => [one, await missingRelease(one)] as const)),
);

describe.each(releases)("on Debian %s", (one) => {
  test.skipIf(missing.get(one) !== null)(
    "installed, a host set up, docker ps: in half a minute",
    async () => {
      await using machine = await bootHost({ name: "laptop", release: one });
      await using host = await bootHost({ name: "install", release: one });
      const laptop = new Laptop(machine);
      await laptop.getReadyFor(host);
      expect((await laptop.run("command -v node; /sbin/ldconfig -p | grep libatomic")).stdout).toBe("");
      const ways = {
        "install.sh": ["sh install.sh", "sh install.sh --uninstall"],
        ".deb": ["sudo dpkg -i tetherdock.deb", "sudo dpkg -P tetherdock"],
      };
      for (const [way, [install, remove]] of Object.entries(ways)) {
        const startedAt = performance.now();
        const path = "export PATH=~/.local/bin:$PATH";
        const up = `tetherdock up core@${host.ip} --name web --yes`;
        const shown = await laptop.must(
          `set -e; ${install}; ${path}; ${up}; eval "$(tetherdock env)"; docker ps`,
        );
        const tookMs = performance.now() - startedAt;
        console.log(`${one}, ${way}: ${(tookMs / 1000).toFixed(1)} s`);
        expect(shown).toMatch(/^CONTAINER ID/m);
        expect(tookMs, `${one}, ${way}`).toBeLessThan(LIMIT_MS);
        expect(await laptop.must(`${path}; tetherdock --version; tetherdock down web --yes`)).toBe(
          `${version}\n`,
        );
        await laptop.must(remove ?? "");
        expect((await laptop.run(`${path}; command -v tetherdock`)).stdout).toBe("");
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
