/** Stores which jobs become which client, and their passes, in a file beside the client list. It has hashes of tokens only. */
import { dirname, join } from "node:path";
import {
  formatJobAccess,
  type JobAccess,
  type JobStore,
  NO_JOBS,
  parseJobAccess,
} from "../../../identity/index.ts";
import { writeAtomically } from "../../files/atomic-file.ts";
import { type Kept, readKept } from "./kept-file.ts";

const JOBS: Kept<JobAccess> = {
  what: "the clients for CI jobs",
  parse: parseJobAccess,
  afterRemoval: "then remove these clients, and add them again",
};

/** @param clients path of the client list */
export function jobFile(clients: string): JobStore {
  const path = join(dirname(clients), "oidc.json");
  return {
    read: async () => (await readKept(path, JOBS)) ?? NO_JOBS,
    write: (access) => writeAtomically(path, formatJobAccess(access), 0o600),
  };
}
