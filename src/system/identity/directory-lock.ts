/**
 * A lock between processes: flock(2) on a directory. The kernel keeps it for whoever has the directory open, so it cannot
 * be taken from a process that lives, and is free when that one ends, however it ends. There is no lock file that somebody
 * could leave behind, or put a link or a FIFO in the place of.
 *
 * Node has no flock, but flock(1) locks a descriptor that it inherits: the lock belongs to the open file, which is ours.
 */
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { TetherdockError } from "../../base/index.ts";
import { withFile } from "../files/file-error.ts";

/** A change takes milliseconds. The scripts that run on hosts wait as long. */
const WAIT_S = 5;

/** Of the descriptor as flock(1) inherits it. */
const FD = 3;
/** flock(1) says so after `--timeout`; its other failures are told on stderr. */
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
 * Works alone: nobody else who takes the lock of this directory works meanwhile.
 * @throws FILE_FAILED, also when another has the lock for more than five seconds
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
