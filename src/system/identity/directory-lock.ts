/**
 * A lock between processes: flock(2) on a directory. The lock belongs to the open directory, so nobody can take it from
 * a living process, and it is released when that process ends, even by a crash. No lock file can be left behind, or
 * replaced by a link or a FIFO.
 *
 * Node has no flock, but flock(1) locks a descriptor that it inherits: the lock belongs to the open file, which is
 * ours.
 */
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { TetherdockError } from "../../base/index.ts";
import { withFile } from "../files/file-error.ts";

/** A change takes milliseconds. The scripts on hosts wait equally long. */
const WAIT_S = 5;

/** Number of the descriptor that flock(1) inherits. */
const FD = 3;
/** flock(1)'s exit status after a timeout; it reports its other failures on stderr. */
const TIMED_OUT = 1;

function failure(path: string, why: string): TetherdockError {
  return new TetherdockError("FILE_FAILED", `cannot lock ${path}`, {
    why: [why],
    hints: ["lslocks --output COMMAND,PID,PATH   # who holds which locks"],
  });
}

/** @throws FILE_FAILED */
function lock({ fd }: FileHandle, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("flock", ["-x", "-w", `${WAIT_S}`, `${FD}`], {
      stdio: ["ignore", "ignore", "pipe", fd],
    });
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(0, 1000);
    });
    child.on("error", ({ message }) => reject(failure(path, `flock(1) does not run: ${message}`)));
    child.on("close", (status, signal) => {
      if (status === 0) resolve();
      else if (status === TIMED_OUT && said === "")
        reject(failure(path, `another process has held the lock for ${WAIT_S} seconds`));
      else reject(failure(path, said.trim() || `flock(1) ended with ${signal ?? status}`));
    });
  });
}

/**
 * Runs `work` while holding the lock of this directory, so that nobody else who takes it works at the same time.
 * @throws FILE_FAILED, also when another process holds the lock for more than five seconds
 */
export async function withDirectoryLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const directory = await withFile("open", path, () =>
    open(path, constants.O_RDONLY | constants.O_DIRECTORY),
  );
  try {
    await lock(directory, path);
    return await work();
  } finally {
    await directory.close();
  }
}
