/** What systemd is told, by a systemd-notify that keeps it. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { notify } from "./systemd.ts";

let folder: string;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "notify-"));
  const script = `#!/bin/sh\nprintf '%s\\n' "$@" > ${folder}/told\n`;
  await writeFile(join(folder, "systemd-notify"), script, { mode: 0o700 });
  env = { NOTIFY_SOCKET: "/run/notify", PATH: `${folder}:${process.env["PATH"]}` };
});
afterEach(() => rm(folder, { recursive: true }));

const told = async () => (await readFile(join(folder, "told"), "utf8")).split("\n");

test("systemd is told each word", async () => {
  await notify(env, 7, "READY=1", "STATUS=ready");
  expect(await told()).toEqual(["--pid=7", "READY=1", "STATUS=ready", ""]);
});

test("a status of any size and any characters is told, shortened: no process may end by it", async () => {
  await notify(env, 7, `STATUS=${"x".repeat(300_000)}`, "STATUS=a\0b\n");
  const [, long = "", odd] = await told();
  expect(long).toMatch(/^STATUS=x{900,1000}$/);
  expect(odd).toBe("STATUS=a\\x00b\\n");
});

test("nothing is told where systemd-notify cannot be started", async () => {
  await notify({ ...env, PATH: "/nowhere" }, 7, "READY=1");
  await notify({ ...env, OTHER: "\0" }, 7, "READY=1");
  await expect(told()).rejects.toThrow("ENOENT");
});
