/** The script that waits for the end of somebody else's change, run here by dash. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { settleScript } from "../../src/host/index.ts";

test.each([
  ["a confirmed change has its owner until its undo is disarmed", "$$", "waited\nstatus 0\n"],
  ["an owner that is gone is not waited for", "4194305", "status 0\n"],
])("%s", (_what, owner, said) => {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-settle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const journal = join(folder, "journal");
  mkdirSync(join(journal, "0007"), { recursive: true });
  writeFileSync(join(journal, "0007/confirmed"), "");
  const script = `printf '%s %s\\n' ${owner} "$(sed 's/.*) //' /proc/$$/stat | cut -d' ' -f20)" >${journal}/0007/owner
sleep() { echo waited; rm ${journal}/0007/owner; }
(
${settleScript(7).replaceAll("/var/lib/tetherdock", journal)}
); echo "status $?"`;
  expect(spawnSync("dash", ["-c", script], { encoding: "utf8" }).stdout).toBe(said);
});
