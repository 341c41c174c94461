/** install.sh, under the shells that a fresh Linux has, and what it installs: the single file, with no Node in reach. */
import { createHash } from "node:crypto";
import { appendFile, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { makeLaptop, makeRelease, makeSmallRelease, ROOT, realFiles } from "./release-folder.ts";
import { serveFolder } from "./serve-folder.ts";

const SCRIPT = join(ROOT, "install.sh");
const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));

test.each(["dash", "busybox sh"])("%s: the real file is installed and runs without Node", async (shell) => {
  const laptop = await makeLaptop();
  const from = await makeRelease(await realFiles());
  const installed = await laptop.run("/bin/sh", "-c", `/bin/${shell} "$@"`, "sh", SCRIPT, "--from", from);
  const path = join(laptop.home, ".local/bin/tetherdock");
  expect(installed).toEqual({
    status: 0,
    stderr: "",
    stdout: `installed tetherdock ${version}: ${path}\n`,
  });
  expect((await stat(path)).mode & 0o777).toBe(0o755);
  expect(await readdir(join(laptop.home, ".local/bin"))).toEqual(["tetherdock"]);
  expect(await laptop.run("node", "--version").catch(({ code }) => code)).toBe("ENOENT");
  expect(await laptop.run("tetherdock", "--version")).toMatchObject({ status: 0, stdout: `${version}\n` });
  const help = await laptop.run("tetherdock", "--help");
  expect(help).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("tetherdock up") });
  const env = await laptop.run("tetherdock", "env", "--unset");
  expect(env).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("unset DOCKER_HOST") });
});

describe("what is wrong is told, and nothing is installed", () => {
  const cases: Record<string, { pretend?: readonly [string, string]; says: string }> = {
    "another processor": {
      pretend: ["uname", "case $1 in -s) echo Linux ;; *) echo riscv64 ;; esac"],
      says: "riscv64",
    },
    "another system": { pretend: ["uname", "echo Darwin"], says: "no single file for Darwin" },
    musl: { pretend: ["ldd", 'echo "musl libc (x86_64)" >&2; exit 1'], says: "musl instead of glibc" },
    "an old glibc": { pretend: ["getconf", "echo glibc 2.17"], says: "glibc 2.17, and the file needs 2.28" },
    "a file that does not run": { pretend: ["chmod", "exit 0"], says: "does not run here" },
  };
  test.each(Object.entries(cases))("%s", async (_, { pretend, says }) => {
    const laptop = await makeLaptop();
    if (pretend) await laptop.pretend(...pretend);
    const from = await makeSmallRelease("1.0.0");
    const { status, stderr } = await laptop.run("/usr/bin/dash", SCRIPT, "--from", from);
    expect(stderr).toContain(says);
    expect(status).toBe(1);
    expect(await readdir(join(laptop.home, ".local/bin")).catch(() => [])).toEqual([]);
  });

  test("a file that is not what SHA256SUMS says; the one that was installed stays", async () => {
    const laptop = await makeLaptop();
    await laptop.run("/usr/bin/dash", SCRIPT, "--from", await makeSmallRelease("1.0.0"));
    const from = await makeSmallRelease("2.0.0");
    await writeFile(join(from, `tetherdock-linux-${process.arch}`), "#!/bin/sh\necho evil\n");
    const { status, stderr } = await laptop.run("/usr/bin/dash", SCRIPT, "--from", from);
    expect(stderr).toContain("is not what SHA256SUMS says; nothing was installed");
    expect(status).toBe(1);
    expect(await laptop.run("tetherdock", "--version")).toMatchObject({ stdout: "1.0.0\n" });
    expect(await readdir(join(laptop.home, ".local/bin"))).toEqual(["tetherdock"]);
  });

  test("a release without sums, and an address without https", async () => {
    const laptop = await makeLaptop();
    const empty = await laptop.run("/usr/bin/dash", SCRIPT, "--from", laptop.home);
    expect(empty).toMatchObject({ status: 1, stderr: expect.stringContaining("there is no SHA256SUMS") });
    const plain = await laptop.run("/usr/bin/dash", SCRIPT, "--from", "http://files.example");
    expect(plain).toMatchObject({ status: 1, stderr: expect.stringContaining("without https") });
  });
});

test("a newer release replaces the older; --uninstall removes the program and keeps the lines", async () => {
  const laptop = await makeLaptop();
  for (const number of ["1.0.0", "2.0.0"])
    await laptop.run("/usr/bin/dash", SCRIPT, "--from", await makeSmallRelease(number));
  expect(await laptop.run("tetherdock", "--version")).toMatchObject({ stdout: "2.0.0\n" });
  await laptop.run("mkdir", "-p", ".config/tetherdock/lines");
  const removed = await laptop.run("/usr/bin/dash", SCRIPT, "--uninstall");
  expect(removed).toMatchObject({ status: 0, stdout: expect.stringContaining("your lines and their keys") });
  expect(await readdir(join(laptop.home, ".local/bin"))).toEqual([]);
  expect(await readdir(join(laptop.home, ".config/tetherdock"))).toEqual(["lines"]);
  const again = await laptop.run("/usr/bin/dash", SCRIPT, "--uninstall");
  expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining("there is no") });
});

test("a folder that is not in PATH: what to add", async () => {
  const laptop = await makeLaptop();
  const from = await makeSmallRelease("1.0.0");
  const { stdout } = await laptop.run(
    "/usr/bin/dash",
    SCRIPT,
    "--from",
    from,
    "--to",
    join(laptop.home, "own"),
  );
  expect(stdout).toContain(`export PATH="${laptop.home}/own:$PATH"`);
});

/** With the packed file, too. */
async function makePackedRelease(): Promise<string> {
  const release = await makeSmallRelease("3.0.0");
  const name = `tetherdock-linux-${process.arch}`;
  const packed = gzipSync(await readFile(join(release, name)));
  await writeFile(join(release, `${name}.gz`), packed);
  const sum = createHash("sha256").update(packed).digest("hex");
  await appendFile(join(release, "SHA256SUMS"), `${sum}  ${name}.gz\n`);
  return release;
}

test("BusyBox's wget, which checks no certificate, is not used", async () => {
  const laptop = await makeLaptop();
  await laptop.pretend("wget", 'exec /usr/bin/busybox wget "$@"');
  const { status, stderr } = await laptop.run("/usr/bin/dash", SCRIPT, "--from", "https://127.0.0.1:9");
  expect(stderr).toContain("this wget is not GNU's");
  expect(status).toBe(1);
});

describe.each(["curl", "wget"])("with %s, from an https address", (tool) => {
  async function prepare(how: "here" | "leadsToHttp") {
    const laptop = await makeLaptop();
    const server = await serveFolder(await makePackedRelease(), how);
    await symlink(`/usr/bin/${tool}`, join(laptop.bin, tool));
    await writeFile(join(laptop.home, "trusting.wgetrc"), `ca_certificate = ${server.certificate}\n`);
    const trusting = [`CURL_CA_BUNDLE=${server.certificate}`, `WGETRC=${laptop.home}/trusting.wgetrc`];
    const install = (...env: readonly string[]) =>
      laptop.run("env", ...env, "/usr/bin/dash", SCRIPT, "--from", server.address);
    return { server, trusting, install };
  }

  test("whose certificate is trusted, and not from another", async () => {
    const { server, trusting, install } = await prepare("here");
    await using _ = server;
    const strange = await install();
    expect(strange).toMatchObject({ status: 1, stderr: expect.stringContaining("cannot fetch") });
    const trusted = await install(...trusting);
    expect(trusted).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("installed tetherdock 3.0.0"),
    });
  });

  test("that leads to one without https: nothing is installed", async () => {
    const { server, trusting, install } = await prepare("leadsToHttp");
    await using _ = server;
    const { status, stderr } = await install(...trusting);
    expect(stderr).toContain("cannot fetch");
    expect(status).toBe(1);
  });
});
