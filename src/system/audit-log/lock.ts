/**
 * One writer a log. A lock of flock(2), which Node does not have: flock(1) of util-linux takes it on a file that is
 * open here, and it stays with that file until this process ends, however it ends. Nothing is left to clean up, and
 * no process id has to be believed.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { shellJoin, TetherdockError } from "../../base/index.ts";
import { withFile } from "../files/file-error.ts";

/** A lock that is held. */
export interface Lock {
  release(): Promise<void>;
}

/** What flock(1) ends with for a lock that somebody else holds, by `--conflict-exit-code`. */
const CONFLICT = 75;

async function takeLock(fd: number): Promise<number> {
  const words = ["--exclusive", "--nonblock", "--conflict-exit-code", `${CONFLICT}`, "3"];
  const child = spawn("flock", words, { stdio: ["ignore", "ignore", "ignore", fd] });
  const [status] = (await once(child, "close")) as [number | null];
  return status ?? -1;
}

/**
 * Takes the lock of an audit log.
 * @param directory there already
 * @throws AUDIT_BUSY when another process has it; FILE_FAILED
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
