/** Stores which jobs become which client, and their passes, in a file beside the client list. It has hashes of tokens only. */
import { dirname, join } from "node:path";
import { TetherdockError } from "../../../base/index.ts";
import { formatJobAccess, type JobStore, NO_JOBS, parseJobAccess } from "../../../identity/index.ts";
import { writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere } from "../../files/file-error.ts";

/** @param clients path of the client list */
export function jobFile(clients: string): JobStore {
  const path = join(dirname(clients), "oidc.json");
  return {
    async read() {
      const text = await readIfThere(path);
      const read = text === undefined ? { value: NO_JOBS } : parseJobAccess(text);
      if ("value" in read) return read.value;
      throw new TetherdockError("GATEWAY_CLIENTS_BROKEN", `cannot read the clients for CI jobs ${path}`, {
        why: read.problems,
        hints: [`rm ${path}   # then remove these clients, and add them again`],
      });
    },
    write: (access) => writeAtomically(path, formatJobAccess(access), 0o600),
  };
}
