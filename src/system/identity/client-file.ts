/** Stores the client list in a file, with the revocations in another beside it: implements {@link ClientStore}. */
import { dirname } from "node:path";
import type { Clock } from "../../base/index.ts";
import {
  type Client,
  type ClientStore,
  type KeptTexts,
  keptAfter,
  keptFrom,
  type ListTexts,
  listPaths,
  writesFor,
} from "../../identity/index.ts";
import { writeAtomically } from "../files/atomic-file.ts";
import { readIfThere, readText } from "../files/file-error.ts";
import { watchFiles } from "../watch/watch-files.ts";
import { withDirectoryLock } from "./directory-lock.ts";

const MODE = 0o600;

/** The last texts that were read or written: a change reads them several times, and parsing is most of its work. */
interface Last {
  readonly texts: ListTexts;
  readonly kept: KeptTexts;
}

/** @param path of clients.json */
export function clientFile(path: string, clock: Clock): ClientStore {
  const paths = listPaths(path);
  let last: Last | null = null;
  const load = async (): Promise<Last> => {
    // The list first: a revocation between the two reads is then in the second file.
    // A regular file: root's gateway check reads it too, and a FIFO in its place would never end. Without one, this says so.
    const clients = (await readIfThere(paths.clients)) ?? (await readText(paths.clients));
    const revocations = await readIfThere(paths.revocations);
    const isLast = last?.texts.clients === clients && last.texts.revocations === revocations;
    if (last !== null && isLast) return last;
    const texts = { clients, revocations };
    last = { texts, kept: keptFrom(texts, paths) };
    return last;
  };
  const replace = async (clients: readonly Client[], expected: string) => {
    const before = await load();
    if (before.kept.revision !== expected) return "conflict";
    const { writes, records } = writesFor(before.kept, clients, clock());
    let { texts } = before;
    for (const { which, text } of writes) {
      await writeAtomically(paths[which], text, MODE);
      texts = { ...texts, [which]: text };
    }
    last = { texts, kept: keptAfter(texts, clients, records) };
    return "ok";
  };
  return {
    async read() {
      const { clients, revision } = (await load()).kept;
      return { clients, revision };
    },
    watch: (onChange) => watchFiles(() => [paths.clients, paths.revocations], onChange),
    // `up` and its undo take the same lock on the host.
    write: (clients, expected) => withDirectoryLock(dirname(path), () => replace(clients, expected)),
  };
}
