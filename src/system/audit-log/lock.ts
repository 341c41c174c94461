/**
 * Allows one writer for each log, by flock(2). Node lacks this call, so flock(1) of util-linux takes the lock on a file
 * that is open here. The lock stays with that open file until this process ends, even by a crash. There is nothing to
 * clean up, and no process id to trust.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { withFile } from "../files/file-error.ts";

/** A held lock. */
export interface Lock {
  release(): Promise<void>;
}

/** The exit status of flock(1) when somebody else holds the lock, set by `--conflict-exit-code`. */
const CONFLICT = 75;

async function takeLock(fd: number): Promise<number> {
  const words = ["--exclusive", "--nonblock", "--conflict-exit-code", `${CONFLICT}`, "3"];
  const child = spawn("flock", words, { stdio: ["ignore", "ignore", "ignore", fd] });
  const [status] = (await once(child, "close")) as [number | null];
  return status ?? -1;
}

/**
 * Takes the lock of an audit log.
 * @param directory must exist
 * @throws AUDIT_BUSY when another process holds it; FILE_FAILED
 */
export async function lockAudit(directory: string): Promise<Lock> {
  const path = join(directory, "lock");
  const handle = await withFile("open", path, () => open(path, "a", 0o600));
  try {
    const status = await withFile("lock", path, () => takeLock(handle.fd));
    if (status === 0) return { release: () => handle.close() };
    if (status === CONFLICT)
      throw new TetherdockError("AUDIT_BUSY", `another process writes the audit log in ${directory}`, {
        hints: [shellJoin(["fuser", "-v", path])],
      });
    throw new TetherdockError("FILE_FAILED", `cannot lock ${path}`, {
      why: [`flock ended with status ${status}`],
    });
  } catch (error) {
    await handle.close();
    throw error;
  }
}
