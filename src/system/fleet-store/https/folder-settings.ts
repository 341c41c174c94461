/** What the operator's machine keeps of a store behind a web server: folders that the server serves and fills. */
import { createHmac } from "node:crypto";
import { json } from "../../../base/index.ts";
import { type OperatedStore, readSettings } from "../../../fleet/index.ts";

export interface FolderSettings {
  /** The web server serves its files at the store's address. */
  readonly folder: string;
  /** null: the web server takes no receipts. */
  readonly receipts: {
    /** A host puts its receipt below it. */
    readonly url: string;
    /** Where the web server writes what is put there. */
    readonly folder: string;
    /** Makes the name of each host's receipt. Hexadecimal. */
    readonly secret: string;
  } | null;
}

const path = { read: json.matching(/^\/[^\0]{0,4000}$/, "an absolute path") };
const readForm = json.object<FolderSettings>({
  folder: path,
  receipts: {
    read: json.orNull(
      json.object<NonNullable<FolderSettings["receipts"]>>({
        url: { read: json.matching(/^https:\/\/[\x21-\x7e]{1,500}$/, "an https URL") },
        folder: path,
        secret: { read: json.sha256 },
      }),
    ),
  },
});

export const formatFolderSettings = (settings: FolderSettings): string => JSON.stringify(settings);

/** @throws FLEET_BROKEN */
export const readFolderSettings = (store: OperatedStore): FolderSettings => readSettings(store, readForm);

/** Who does not have the secret cannot guess it, so a host puts its own receipt only. */
export function receiptName(secret: string, host: string): string {
  return `${host}.${createHmac("sha256", secret).update(host).digest("hex").slice(0, 32)}.json`;
}
