/** The published package: packed, installed without network, run; and what an old Node says to it. */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

function isOld(node: string): boolean {
  const version = execFileSync(node, ["-p", "process.versions.node"], { encoding: "utf8" });
  return Number(version.split(".")[0]) < 24;
}

const machineNode = ["/usr/local/bin/node", "/usr/bin/node"].find((path) => existsSync(path) && isOld(path));

test("npm packs the package, installs it offline, and links the command", () => {
  const work = mkdtempSync(join(tmpdir(), "tetherdock-pack-"));
  onTestFinished(() => rmSync(work, { recursive: true }));
  const npm = (...args: string[]) =>
    execFileSync("npm", args, {
      cwd: work,
      stdio: "pipe",
      env: { ...process.env, npm_config_cache: join(work, "cache") },
    });
  npm("pack", inject("dist"));
  const archive = readdirSync(work).find((name) => name.endsWith(".tgz")) ?? "";
  npm("install", "--global", "--offline", "--no-audit", "--no-fund", "--prefix", work, join(work, archive));
  const env = { PATH: `${inject("bin")}:/usr/bin:/bin`, HOME: work };
  const ran = spawnSync(join(work, "bin/tetherdock"), ["ls", "--json"], { env, encoding: "utf8" });
  expect(ran).toMatchObject({ stdout: "[]\n", stderr: "", status: 0 });
  const installed = join(work, "lib/node_modules/tetherdock");
  expect(readdirSync(installed)).toEqual(expect.arrayContaining(["main.js", "THIRD-PARTY-LICENCES.md"]));
  expect(existsSync(join(installed, "node_modules"))).toBe(false);
  expect(existsSync(join(work, "share/man/man1/tetherdock-up.1"))).toBe(true);
  expect(statSync(join(installed, "main.js")).mode & 0o111).toBe(0o111);
});

test("env, which every shell's start may run, does not load node:crypto", () => {
  const home = mkdtempSync(join(tmpdir(), "tetherdock-env-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  writeSampleLine(home, "vps", makeCertificates(30));
  const report =
    "data:text/javascript,process.on('exit',()=>console.error(process.moduleLoadList.includes('NativeModule crypto')))";
  const loaded = (...args: string[]) =>
    spawnSync(process.execPath, ["--import", report, join(inject("dist"), "main.js"), ...args], {
      ...{ encoding: "utf8", env: { PATH: "/usr/bin:/bin", HOME: home, TETHERDOCK_HOME: home } },
    });
  expect(loaded("env", "--shell", "bash")).toMatchObject({ stderr: "false\n", status: 0 });
  expect(loaded("context", "ls").stderr).toContain("true\n");
});

test.skipIf(machineNode === undefined)("a Node that is too old gets one line and exit status 3", () => {
  const ran = spawnSync(machineNode ?? "", [join(inject("dist"), "main.js"), "ls"], { encoding: "utf8" });
  expect(ran.stdout).toBe("");
  expect(ran.stderr).toMatch(
    /^tetherdock: error: this is Node\.js \d+[\d.]*, and tetherdock needs 24\.15 .*tetherdock-linux-\w+, which needs no Node\n$/,
  );
  expect(ran.status).toBe(3);
});

test.each(["18.20.4", "20.20.2"])("Node %s: one line that says which file needs none", (version) => {
  const pretend = `data:text/javascript,Object.defineProperty(process.versions, "node", { value: "${version}" })`;
  const ran = spawnSync(process.execPath, ["--import", pretend, join(inject("dist"), "main.js"), "ls"], {
    encoding: "utf8",
  });
  expect(ran).toMatchObject({ stdout: "", status: 3 });
  expect(ran.stderr).toContain(`this is Node.js ${version}, and tetherdock needs 24.15`);
  expect(ran.stderr).toContain(`take the file tetherdock-linux-${process.arch}, which needs no Node`);
});
