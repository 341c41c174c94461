/**
 * Builds tetherdock as it is published, once before a project's tests: that is what people run, and it starts in a seventh of the
 * time that the sources take. Into a folder of its own, since others may be building dist/ at this moment.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/**
 * Builds into `dist` in a new folder.
 * @param prepare what else the tests need, given that folder; if it fails, the folder is removed
 * @returns removes the folder
 */
export function buildFor(prepare: (work: string) => void): () => void {
  const work = mkdtempSync(join(tmpdir(), "tetherdock-built-"));
  const remove = () => rmSync(work, { recursive: true });
  try {
    execFileSync(process.execPath, [join(ROOT, "tools/build.ts"), join(work, "dist")], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    prepare(work);
  } catch (error) {
    remove();
    throw error;
  }
  return remove;
}

export default function setup(): () => void {
  return buildFor((work) => {
    symlinkSync(join(ROOT, "dist/executables"), join(work, "dist/executables"));
    // Workers have the environment that this process has when they start.
    process.env["TETHERDOCK_BUILT"] = join(work, "dist/main.js");
  });
}
