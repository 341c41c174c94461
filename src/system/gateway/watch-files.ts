/** Notices that files were replaced. The folders are watched: a file that is renamed over has another inode. */
import { type FSWatcher, watch } from "node:fs";
import { dirname } from "node:path";

/** Certificates come in threes: what changes within this many milliseconds is one change. */
const TOGETHER_MS = 100;

/**
 * @param paths absolute; their folders must be there
 * @param onChange called a moment after something in the folders has changed
 * @returns stops watching
 */
export function watchFiles(paths: readonly string[], onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    // Not put off by the next change: a folder that is never quiet would never be read.
    timer ??= setTimeout(() => {
      timer = undefined;
      onChange();
    }, TOGETHER_MS);
  };
  const watchers: FSWatcher[] = [...new Set(paths.map(dirname))].map((folder) => {
    const watcher = watch(folder, { persistent: false }, soon);
    // The folder was taken away: SIGHUP still works, and systemd will say more than we could.
    watcher.on("error", () => watcher.close());
    return watcher;
  });
  return () => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
