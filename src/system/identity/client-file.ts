/** The client list in a file, and beside it who has been shut out: the first adapter of {@link ClientStore}. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import {
  type Client,
  type ClientStore,
  formatClients,
  formatRevocations,
  parseClients,
  parseRevocations,
  revocationsAfter,
  withRevocations,
} from "../../gateway/index.ts";
import { writeAtomically } from "../files/atomic-file.ts";
import { withFile } from "../files/file-error.ts";
import { withDirectoryLock } from "./directory-lock.ts";

const MODE = 0o600;

/** Where the revocations of a list lie. */
function revocationsPath(clients: string): string {
  return `${clients.replace(/\.json$/, "")}.revoked.json`;
}

async function textOf(path: string, absent?: string): Promise<string> {
  return withFile("read", path, () =>
    readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" && absent !== undefined) return absent;
      throw error;
    }),
  );
}

const NOBODY = formatRevocations(new Set());

/** @param path of clients.json */
export function clientFile(path: string): ClientStore & { readonly files: readonly string[] } {
  const shutOut = revocationsPath(path);
  const load = async () => {
    // First the list: what is revoked in between is in the other file.
    const texts = [await textOf(path), await textOf(shutOut, NOBODY)] as const;
    const revoked = parseRevocations(texts[1], shutOut);
    const clients = withRevocations(parseClients(texts[0], path), revoked);
    return { clients, revoked, revision: createHash("sha256").update(texts.join("\0")).digest("hex") };
  };
  const replace = async (clients: readonly Client[], expected: string) => {
    const before = await load();
    if (before.revision !== expected) return "conflict";
    const revoked = revocationsAfter(before.revoked, before.clients, clients);
    const put = (keys: ReadonlySet<string>) => writeAtomically(shutOut, formatRevocations(keys), MODE);
    // Cut off anywhere, nobody is in who should not be: first who goes, then the list, then who comes back.
    const both = before.revoked.union(revoked);
    if (both.size > before.revoked.size) await put(both);
    await writeAtomically(path, formatClients(clients), MODE);
    if (both.size > revoked.size) await put(revoked);
    return "ok";
  };
  return {
    files: [path, shutOut],
    async read() {
      const { clients, revision } = await load();
      return { clients, revision };
    },
    // `up` and its undo take the same lock on the host.
    write: (clients, expected) => withDirectoryLock(dirname(path), () => replace(clients, expected)),
  };
}
