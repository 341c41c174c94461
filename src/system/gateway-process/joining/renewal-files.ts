/** Stores renewals beside the client list: one file for each key, so that a write takes no longer with many clients. */
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { TetherdockError } from "../../../base/index.ts";
import { formatRenewal, parseRenewal, type RenewalStore } from "../../../identity/index.ts";
import { makeDirectory, writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere, withFile } from "../../files/file-error.ts";

/** @param clients path of the client list */
export function renewalFiles(clients: string): RenewalStore {
  const folder = join(dirname(clients), "renewals");
  const place = (key: string): string => {
    if (!/^[0-9a-f]{64}$/.test(key)) throw new Error(`not a fingerprint: ${key}`);
    return join(folder, `${key}.json`);
  };
  return {
    async read(key) {
      const path = place(key);
      const text = await readIfThere(path);
      if (text === undefined) return null;
      const read = parseRenewal(text);
      if ("value" in read) return read.value;
      throw new TetherdockError("GATEWAY_CLIENTS_BROKEN", `cannot read the renewals ${path}`, {
        why: read.problems,
        hints: [`rm ${path}   # its client's next renewal then counts as the first`],
      });
    },
    async write(key, record) {
      await makeDirectory(folder);
      await writeAtomically(place(key), formatRenewal(record), 0o600);
    },
    remove: (key) => withFile("remove", place(key), () => rm(place(key), { force: true })),
  };
}
