import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createReissuedFiles } from "./reissued-files.ts";

test("one private file for each client, in place of those before; names that differ by case only have two", async () => {
  const home = await mkdtemp(join(tmpdir(), "tetherdock-test-"));
  onTestFinished(() => rm(home, { recursive: true }));
  const write = createReissuedFiles(home);
  expect(await write("vps", [])).toEqual([]);
  const folder = join(home, "lines/vps/reissued");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "gone@desk.pem"), "old");
  const paths = await write("vps", [
    { name: "bob@desk", text: "1" },
    { name: "Bob@desk", text: "2" },
  ]);
  expect(paths).toEqual([join(folder, "bob@desk.pem"), join(folder, "Bob@desk-2.pem")]);
  expect(await readdir(folder)).toHaveLength(2);
  expect(await readFile(paths[1] ?? "", "utf8")).toBe("2");
  expect((await stat(paths[0] ?? "")).mode & 0o777).toBe(0o600);
});
