/** Keeps the roles that somebody has made in `roles.json`, beside the client list. Only the gateway writes it. */
import { dirname, join } from "node:path";
import type { RoleStore } from "../../gateway/index.ts";
import { writeAtomically } from "../files/atomic-file.ts";
import { readIfThere } from "../files/file-error.ts";
import { watchFiles } from "../watch/watch-files.ts";

const MODE = 0o600;

/** @param clients path of the client list */
export function roleStore(clients: string): RoleStore {
  const path = join(dirname(clients), "roles.json");
  return {
    path,
    read: () => readIfThere(path),
    write: (text) => writeAtomically(path, text, MODE),
    watch: (onChange) => watchFiles(() => [path], onChange),
  };
}
