/** Reading files in folders of others: what is not a regular file is refused at once. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { readIfThere, readText } from "./file-error.ts";

const folder = mkdtempSync(join(tmpdir(), "tetherdock-read-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("a regular file is read, also through a symbolic link; a missing one is undefined", async () => {
  writeFileSync(join(folder, "ca.pem"), "text");
  symlinkSync("ca.pem", join(folder, "link.pem"));
  expect(await readIfThere(join(folder, "ca.pem"))).toBe("text");
  expect(await readIfThere(join(folder, "link.pem"), 4)).toBe("text");
  expect(await readIfThere(join(folder, "none.pem"))).toBe(undefined);
});

test("a file that is too long is refused", async () => {
  writeFileSync(join(folder, "long.pem"), "x".repeat(1025));
  expect(await failureOf(readIfThere(join(folder, "long.pem"), 1024))).toMatchObject({
    code: "FILE_FAILED",
    why: ["it is longer than 1 KiB"],
  });
});

test.skipIf(process.platform === "win32")("a FIFO, a device, a socket and a folder are refused", async () => {
  execFileSync("mkfifo", [join(folder, "fifo.pem")]);
  symlinkSync("/dev/zero", join(folder, "device.pem"));
  mkdirSync(join(folder, "folder.pem"));
  const server = createServer().listen(join(folder, "socket.pem"));
  await new Promise((resolve) => server.once("listening", resolve));
  const whyOf = async (name: string) => (await failureOf(readIfThere(join(folder, name)))).why.join();
  for (const name of ["fifo.pem", "device.pem", "socket.pem"])
    expect(await whyOf(name), name).toBe("it is not a regular file");
  expect(await whyOf("folder.pem")).toBe("it is a folder");
  server.close();
});

test.skipIf(process.platform === "win32")(
  "what a user names may be a pipe, but not without an end",
  async () => {
    const fifo = join(folder, "named.fifo");
    execFileSync("mkfifo", [fifo]);
    const read = readText(fifo);
    await writeFile(fifo, "from a pipe");
    expect(await read).toBe("from a pipe");
    expect(await failureOf(readText("/dev/zero"))).toMatchObject({
      code: "FILE_FAILED",
      why: ["it is longer than 65536 KiB"],
    });
    expect((await failureOf(readText(folder))).why).toEqual(["it is a folder"]);
  },
);
