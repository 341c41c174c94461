/** The script that restores a host, run here by dash while the disk with the journal is full. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { undoScript } from "../../src/host/journal/undo-script.ts";

/**
 * @param place of the file that is to be restored; `journal/…` is on the full disk
 * @param more shell that runs before the undo, in the journal's folder
 */
function undoWith(place: string, more = ":") {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-full-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, place);
  for (const made of ["bin", "journal", "etc"]) mkdirSync(join(folder, made));
  writeFileSync(join(folder, "bin/systemctl"), "#!/bin/sh\n");
  chmodSync(join(folder, "bin/systemctl"), 0o755);
  const here = undoScript
    .replaceAll("/var/lib/tetherdock", join(folder, "journal"))
    .replaceAll("/etc/systemd/system", folder)
    .replace("PATH=/usr/sbin", `PATH=${folder}/bin:/usr/sbin`)
    // Here the way leads through /tmp.
    .replace('ours_alone "$above" ||', "true ||");
  writeFileSync(join(folder, "undo.sh"), here);
  // The mount namespace ends with the script. `dd` ends when the disk is full.
  const script = `cd ${folder} && mount -t tmpfs -o size=256k tmpfs journal && t=journal/0007 && mkdir -p $t/before || exit
printf 'before\\n' >$t/before/1; printf '1 kept %s\\n' ${path} >$t/entries
: >$t/units; : >$t/pending; cp undo.sh $t/undo.sh; printf 'after\\n' >${path}
(cd $t; ${more}); dd if=/dev/zero of=journal/filler bs=4k 2>/dev/null
dash $t/undo.sh now; echo "status $?" $(cat ${path}) $(ls journal)`;
  return spawnSync("unshare", ["--mount", "dash", "-c", script], { encoding: "utf8" }).stdout;
}

const KEPT = /^not all could be put back; the journal is kept: \S+\nstatus 1 after 0007 /m;

test("what is on another disk is restored, and only then is the journal removed", () => {
  expect(undoWith("etc/ca.pem")).toBe("undone\nstatus 0 before filler\n");
});

test("what has no room stays as it is, and the journal is kept for the next try", () => {
  const said = undoWith("journal/ca.pem");
  expect(said).toMatch(/^cannot put back /);
  expect(said).toMatch(KEPT);
});

test("what was made is removed first, which makes room", () => {
  const made = "head -c 5000 /dev/zero >../made; echo 2 absent $PWD/../made >>entries";
  expect(undoWith("journal/ca.pem", made)).toBe("undone\nstatus 0 before ca.pem filler\n");
});

test("a journal whose entries cannot be read is kept", () => {
  expect(undoWith("etc/ca.pem", "rm entries; mkdir entries")).toMatch(KEPT);
});
