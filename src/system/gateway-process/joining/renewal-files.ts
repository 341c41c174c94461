/** Stores renewals beside the client list: one file for each key, so that a write takes no longer with many clients. */
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { formatRenewal, parseRenewal, type Renewal, type RenewalStore } from "../../../identity/index.ts";
import { makeDirectory, writeAtomically } from "../../files/atomic-file.ts";
import { readIfThere, withFile } from "../../files/file-error.ts";
import { type Kept, readKept } from "./kept-file.ts";

const RENEWALS: Kept<Renewal> = {
  what: "the renewals",
  parse: parseRenewal,
  afterRemoval: "its client's next renewal then counts as the first",
};

const SIGNED = "signed.pem";

/** @param clients path of the client list */
export function renewalFiles(clients: string): RenewalStore {
  const folder = join(dirname(clients), "renewals");
  const place = (key: string, ending = "json"): string => {
    if (!/^[0-9a-f]{64}$/.test(key)) throw new Error(`not a fingerprint: ${key}`);
    return join(folder, `${key}.${ending}`);
  };
  const remove = (path: string) => withFile("remove", path, () => rm(path, { force: true }));
  return {
    read: async (key) => readKept(place(key), RENEWALS),
    async write(key, record) {
      await makeDirectory(folder);
      await writeAtomically(place(key), formatRenewal(record), 0o600);
    },
    signed: async (key) => (await readIfThere(place(key, SIGNED))) ?? null,
    async keepSigned(key, certificate) {
      await makeDirectory(folder);
      await writeAtomically(place(key, SIGNED), certificate, 0o600);
    },
    async remove(key) {
      await remove(place(key, SIGNED));
      await remove(place(key));
    },
  };
}
