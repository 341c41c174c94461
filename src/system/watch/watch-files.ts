/**
 * Notices that files were changed or replaced. It polls: five files cost microseconds. inotify has a limit for each
 * user that others can use up, and a revocation must not depend on it.
 */
import { statSync } from "node:fs";

/** Milliseconds between two looks. TLS files are three: changes within this time usually belong together. */
const LOOK_MS = 200;

/** A value that differs once a file was written or replaced. */
function stamp(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}

function stampAll(paths: readonly string[]): string {
  try {
    return paths.map(stamp).join("\n");
  } catch (error) {
    // an unreachable file is a change too; reading it reports the error
    return (error as Error).message;
  }
}

/**
 * @param paths absolute; called each time, because a new configuration may name other files; they need not exist
 * @param onChange called after a file has changed, appeared or disappeared
 * @param everyMs between two looks
 * @returns stops watching
 */
export function watchFiles(
  paths: () => readonly string[],
  onChange: () => void,
  everyMs = LOOK_MS,
): () => void {
  let before = stampAll(paths());
  const timer = setInterval(() => {
    const now = stampAll(paths());
    if (now === before) return;
    before = now;
    onChange();
  }, everyMs);
  return () => clearInterval(timer);
}
