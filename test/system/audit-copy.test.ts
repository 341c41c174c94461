/** `audit verify --directory` of a copy that a compromised host has sent: it ends, whatever lies there. */
import { execFileSync } from "node:child_process";
import { symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verifyAudit } from "../../src/system/audit-log/verifier.ts";
import { makeFolder } from "./audit-stage.ts";

const FIRST = "audit-00000001.jsonl";

test.each([
  ["a named pipe", (path: string) => execFileSync("mkfifo", [path])],
  ["a link to a device", (path: string) => symlinkSync("/dev/zero", path)],
])("%s in place of a file is refused", async (_, plant) => {
  const directory = makeFolder();
  plant(join(directory, FIRST));
  await expect(verifyAudit(directory)).rejects.toMatchObject({
    code: "FILE_FAILED",
    why: ["it is not a regular file"],
  });
});

test("32 MiB without a line break are reported as a fault, in linear time", async () => {
  const directory = makeFolder();
  writeFileSync(join(directory, FIRST), "");
  truncateSync(join(directory, FIRST), 32 * 1024 * 1024);
  const began = performance.now();
  expect(await verifyAudit(directory)).toMatchObject({ ok: false });
  // Eleven reads, one for each look whether the last seal comes; gathered, they took a minute.
  expect(performance.now() - began).toBeLessThan(20_000);
});
