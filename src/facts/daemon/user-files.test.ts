import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { freeingCommand, parseUserFiles, USER_FILES } from "./user-files.ts";

test("lines of the script; garbage is ignored", () => {
  const text = "0 fifo:/d/a/etc/passwd\n600 regular file:/d/b c/etc/group\n0 fifo:shadow\nx\n";
  expect(parseUserFiles(text)).toEqual([
    { folder: "/d/a/etc", name: "passwd", type: "fifo", bytes: 0 },
    { folder: "/d/b c/etc", name: "group", type: "regular file", bytes: 600 },
  ]);
});

/** What the script's function says of a path in a container's root. */
const resolved = (root: string, path: string) =>
  execFileSync("sh", ["-c", `s() { :; }; pid=x\n${USER_FILES}\nin_root "$@"`, "sh", root, path], {
    encoding: "utf8",
  });

test.each([
  ["no link", [], "etc/passwd", "/etc/passwd"],
  ["an absolute link stays in the root", [["/pipe", "etc/passwd"]], "etc/passwd", "/pipe"],
  ["so does one above it", [["../../../../pipe", "etc/passwd"]], "etc/passwd", "/pipe"],
  [
    "a chain through a folder",
    [
      ["/other", "run"],
      ["../run/x", "etc/passwd"],
    ],
    "etc/passwd",
    "/other/x",
  ],
  ["a circle: the link itself", [["passwd", "etc/passwd"]], "etc/passwd", "/etc/passwd"],
  ["a line break: the link itself", [["/x\n0 fifo:/etc/shadow", "etc/passwd"]], "etc/passwd", "/etc/passwd"],
] as const)("%s", (_, links, path, expected) => {
  const root = etc();
  mkdirSync(join(root, "etc"));
  for (const [to, at] of links) symlinkSync(to, join(root, at));
  expect(resolved(root, path)).toBe(`${root}${expected}\n`);
});

/** A folder with a space and a quote. */
function etc(): string {
  const folder = join(mkdtempSync(join(tmpdir(), "it's an ")), "etc");
  mkdirSync(folder);
  onTestFinished(() => void execFileSync("rm", ["-rf", folder]));
  return folder;
}

const free = (folder: string, name: string, type: string) =>
  execFileSync("sh", ["-c", freeingCommand({ folder, name, type, bytes: 0 })], {
    stdio: "pipe",
    timeout: 10_000,
  });

const left = (folder: string) => execFileSync("ls", ["-A", folder], { encoding: "utf8" });

test("the command frees a reader of the pipe, and removes it", () => {
  const folder = etc();
  execFileSync("mkfifo", [join(folder, "passwd")]);
  const script =
    'cat "$1/passwd" & until grep -qx wait_for_partner /proc/$!/wchan; do :; done; sh -c "$2"; wait $!';
  const command = freeingCommand({ folder, name: "passwd", type: "fifo", bytes: 0 });
  execFileSync("sh", ["-c", script, "sh", folder, command], { stdio: "pipe", timeout: 10_000 });
  expect(left(folder)).toBe("");
});

test("a large file is removed", () => {
  const folder = etc();
  writeFileSync(join(folder, "group"), "");
  truncateSync(join(folder, "group"), 2 ** 30);
  free(folder, "group", "regular file");
  expect(left(folder)).toBe("");
});

test("a link in place of the folder: nothing behind it is touched", () => {
  const folder = etc();
  writeFileSync(join(folder, "passwd"), "root:x:0:0");
  execFileSync("ln", ["-s", folder, `${folder}.link`]);
  expect(() => free(`${folder}.link`, "passwd", "regular file")).toThrow();
  expect(left(folder)).toBe("passwd\n");
});
