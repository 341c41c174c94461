/** The options that say where a fleet's store is, and how the operator writes to it. */
import { randomBytes } from "node:crypto";
import { resolve } from "node:path";
import { json, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  formatNatsSettings,
  kindOfStore,
  type OperatedStore,
  readStoreAddress,
  type StoreAddress,
} from "../../fleet/index.ts";
import { readText } from "../../system/files/file-error.ts";
import { formatFolderSettings, readFolderSettings } from "../../system/fleet-store/https/folder-settings.ts";
import type { OpenFlags, SetStoreFlags, StoreFlags } from "./flags.ts";

/** Which command takes the options: it names the address in its own way. */
export interface Taker {
  readonly url: "--store" | "URL";
  /** Of the whole command. */
  readonly example: string;
}

type Refuse = (text: string, ...why: readonly string[]) => TetherdockError;

const refuser =
  ({ example }: Taker): Refuse =>
  (text, ...why) =>
    new TetherdockError("USAGE", text, { why, hints: [example] });

async function addressOf(url: string, storeCa: string | undefined, taker: Taker): Promise<StoreAddress> {
  const ca = storeCa === undefined ? null : await readText(storeCa);
  const read = json.read(JSON.stringify({ urls: url.split(","), ca }), readStoreAddress);
  if ("problems" in read)
    throw refuser(taker)(`${taker.url} is not the address of a store`, ...read.problems);
  return read.value;
}

function folderSettings({ folder, receipts, receiptsFolder }: StoreFlags, taker: Taker): string {
  const usage = refuser(taker);
  if (folder === undefined)
    throw usage(`--folder is missing: the web server serves its files at ${taker.url}`);
  if ((receipts === undefined) !== (receiptsFolder === undefined))
    throw usage("--receipts and --receipts-folder belong together");
  if (receipts !== undefined && !/^https:\/\/[\x21-\x7e]{1,500}$/.test(receipts))
    throw usage("--receipts must be an https URL");
  const secret = randomBytes(32).toString("hex");
  const place =
    receipts === undefined || receiptsFolder === undefined
      ? null
      : { url: receipts, folder: resolve(receiptsFolder), secret };
  return formatFolderSettings({ folder: resolve(folder), receipts: place });
}

/** What the other operator types, with the options that this store needs there. @param file as it is called there */
export function openCommand(store: OperatedStore, file: string): string {
  const open = shellJoin(["tetherdock", "fleet", "open", file]);
  if (kindOfStore(store.address) === "nats") return open;
  const { receipts } = readFolderSettings(store);
  return `${open} --folder FOLDER${receipts === null ? "" : " --receipts-folder FOLDER"}`;
}

/**
 * How this machine writes to a store that another operator has set up. Its folders are this machine's own: those of the other one
 * may be anything here.
 * @param file as typed
 * @throws USAGE, FLEET_BROKEN
 */
export function openedStore(
  store: OperatedStore,
  { folder, receiptsFolder }: OpenFlags,
  file: string,
): OperatedStore {
  const missing = (text: string) => new TetherdockError("USAGE", text, { hints: [openCommand(store, file)] });
  if (kindOfStore(store.address) === "nats") return store;
  const { receipts } = readFolderSettings(store);
  if (folder === undefined)
    throw missing(`--folder is missing: a web server serves its files at ${store.address.urls.join()}`);
  if (receipts === null)
    return { ...store, settings: formatFolderSettings({ folder: resolve(folder), receipts }) };
  if (receiptsFolder === undefined)
    throw missing(`--receipts-folder is missing: a web server writes there what is put at ${receipts.url}`);
  const place = { ...receipts, folder: resolve(receiptsFolder) };
  return { ...store, settings: formatFolderSettings({ folder: resolve(folder), receipts: place }) };
}

/** @returns null: there is to be no store @throws USAGE, FILE_FAILED */
export async function operatedStore(flags: StoreFlags, taker: Taker): Promise<OperatedStore | null> {
  const { store, storeCa, ...more } = flags;
  const usage = refuser(taker);
  if (store === undefined) {
    if (Object.values({ storeCa, ...more }).some((one) => one !== undefined))
      throw usage(taker.url === "URL" ? "none takes no options of a store" : "--store is missing");
    return null;
  }
  const address = await addressOf(store, storeCa, taker);
  if (kindOfStore(address) === "https") return { address, settings: folderSettings(flags, taker) };
  if (Object.values({ folder: flags.folder, receipts: flags.receipts }).some((one) => one !== undefined))
    throw usage("--folder and --receipts are for a store behind a web server");
  const { makeNatsSettings } = await import("../../system/fleet-store/nats/trust.ts");
  return { address, settings: formatNatsSettings(makeNatsSettings()) };
}

/**
 * Hosts keep the secret names of their receipts: with other ones, a host that no line reaches would write where nobody looks.
 * @returns next, with the secret of the same --receipts
 */
export function withSecretBefore(before: OperatedStore | null, next: OperatedStore): OperatedStore {
  if (before === null || [before, next].some(({ address }) => kindOfStore(address) !== "https")) return next;
  const [{ receipts: old }, settings] = [readFolderSettings(before), readFolderSettings(next)];
  const { receipts } = settings;
  if (old === null || receipts === null || old.url !== receipts.url) return next;
  return {
    ...next,
    settings: formatFolderSettings({ ...settings, receipts: { ...receipts, secret: old.secret } }),
  };
}

const serversOf = ({ urls }: StoreAddress): string => urls.map((one) => new URL(one).host).join(" ");

/**
 * The store's CA is not forgotten because nobody named it again: hosts would no longer reach their store.
 * @param before where the fleet's store is; null: it has none
 * @returns the new address, with the CA of the same servers
 * @throws USAGE: the servers are others, and nobody says which CA they have
 */
export function withCaBefore(
  before: StoreAddress | null,
  next: StoreAddress,
  { storeCa, publicCa }: Pick<SetStoreFlags, "storeCa" | "publicCa">,
  taker: Taker,
): StoreAddress {
  const usage = refuser(taker);
  if (publicCa && storeCa !== undefined) throw usage("--public-ca and --store-ca exclude each other");
  if (publicCa || storeCa !== undefined || !before?.ca) return next;
  if (serversOf(before) === serversOf(next)) return { ...next, ca: before.ca };
  throw usage(
    "say which CA the new store's certificate is by: --store-ca FILE, or --public-ca",
    `the store at ${before.urls.join(", ")} has a CA of its own; hosts could not reach the new one if it were the wrong one`,
  );
}
