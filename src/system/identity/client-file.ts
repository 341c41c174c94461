/** Stores the client list in a file, with the revocations in another beside it: implements {@link ClientStore}. */
import { dirname } from "node:path";
import type { Clock } from "../../base/index.ts";
import { type Client, type ClientStore, keptFrom, listPaths, writesFor } from "../../identity/index.ts";
import { writeAtomically } from "../files/atomic-file.ts";
import { readIfThere, readText } from "../files/file-error.ts";
import { watchFiles } from "../watch/watch-files.ts";
import { withDirectoryLock } from "./directory-lock.ts";

const MODE = 0o600;

/** @param path of clients.json */
export function clientFile(path: string, clock: Clock): ClientStore {
  const paths = listPaths(path);
  const load = async () => {
    // The list first: a revocation between the two reads is then in the second file.
    const clients = await readText(paths.clients);
    return keptFrom({ clients, revocations: await readIfThere(paths.revocations) }, paths);
  };
  const replace = async (clients: readonly Client[], expected: string) => {
    const kept = await load();
    if (kept.revision !== expected) return "conflict";
    for (const { which, text } of writesFor(kept, clients, clock()))
      await writeAtomically(paths[which], text, MODE);
    return "ok";
  };
  return {
    async read() {
      const { clients, revision } = await load();
      return { clients, revision };
    },
    watch: (onChange) => watchFiles(() => [paths.clients, paths.revocations], onChange),
    // `up` and its undo take the same lock on the host.
    write: (clients, expected) => withDirectoryLock(dirname(path), () => replace(clients, expected)),
  };
}
