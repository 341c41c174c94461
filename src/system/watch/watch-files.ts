/**
 * Notices that files were changed or replaced. By looking, and not by inotify: five files cost microseconds, whereas
 * inotify has a limit for each user that others can use up, and a revocation must not depend on that.
 */
import { statSync } from "node:fs";

/** Certificates come in threes: what changes within this many milliseconds is mostly one change. */
const LOOK_MS = 200;

/** What differs as soon as a file was written or another has taken its name. */
function stamp(path: string): string {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat === undefined ? "" : `${stat.ino} ${stat.size} ${stat.mtimeNs}`;
}

function stampAll(paths: readonly string[]): string {
  try {
    return paths.map(stamp).join("\n");
  } catch (error) {
    // no way to the file: a change as well, told by whoever reads it
    return (error as Error).message;
  }
}

/**
 * @param paths absolute; asked for each time, since a configuration may name others; need not be there
 * @param onChange called after one of them has changed, come or gone
 * @returns stops watching
 */
export function watchFiles(paths: () => readonly string[], onChange: () => void): () => void {
  let before = stampAll(paths());
  const timer = setInterval(() => {
    const now = stampAll(paths());
    if (now === before) return;
    before = now;
    onChange();
  }, LOOK_MS);
  return () => clearInterval(timer);
}
