/** Single files of a fleet that this machine operates: `operator.json` and `store.json`. */
import { join } from "node:path";
import { json, shellJoin, TetherdockError } from "../../base/index.ts";
import {
  type OperatedFleet,
  type OperatedStore,
  readStoredAuthority,
  storeFields,
} from "../../fleet/index.ts";
import { isEncryptedKey } from "../../line/index.ts";
import type { StoredAuthority } from "../../pki/index.ts";
import { writeAtomically } from "../files/atomic-file.ts";
import { readIfThere, removeIfThere } from "../files/file-error.ts";
import { withDirectoryLock } from "./directory-lock.ts";

export const SECRET = 0o600;

type OperatorFile = Pick<OperatedFleet, "operatorKey" | "ca"> & { version: number; nextKey: string | null };

const key = { read: json.words(1_024) };
/** 2: a key is encrypted, which versions before cannot read. */
const readOperator = json.object<OperatorFile>({
  version: { read: json.count(2) },
  operatorKey: key,
  nextKey: { read: json.orNull(key.read), optional: { value: null } },
  ca: { read: readStoredAuthority },
});

const readStore = json.object<OperatedStore & { version: number }>({
  version: { read: json.only(1) },
  ...storeFields,
});

export function broken(path: string, why: readonly string[]): TetherdockError {
  return new TetherdockError("FLEET_BROKEN", `cannot read ${path}`, {
    why,
    hints: [shellJoin(["ls", "-la", path])],
  });
}

export async function textOf(path: string): Promise<string> {
  const text = await readIfThere(path);
  if (text === undefined) throw broken(path, ["it does not exist"]);
  return text;
}

export async function readOperatedStore(folder: string): Promise<OperatedStore | null> {
  const path = join(folder, "store.json");
  const text = await readIfThere(path);
  if (text === undefined) return null;
  const read = json.read(text, readStore);
  if ("problems" in read) throw broken(path, read.problems);
  const { version: _, ...store } = read.value;
  return store;
}

async function writeStore(folder: string, store: OperatedStore): Promise<void> {
  const text = `${JSON.stringify({ version: 1, ...store }, null, 2)}\n`;
  await writeAtomically(join(folder, "store.json"), text, SECRET);
}

/** macOS and Windows have no flock(1): there, the last of two commands at the same moment counts. */
const alone = <T>(folder: string, work: () => Promise<T>): Promise<T> =>
  process.platform === "linux" ? withDirectoryLock(folder, work) : work();

export function setStore(folder: string, store: OperatedStore | null): Promise<void> {
  return alone(folder, () =>
    store === null ? removeIfThere(join(folder, "store.json")) : writeStore(folder, store),
  );
}

/** A fleet that has no store any more keeps nothing. */
export function changeSettings(folder: string, change: (settings: string) => string): Promise<void> {
  return alone(folder, async () => {
    const store = await readOperatedStore(folder);
    if (store === null) return;
    const settings = change(store.settings);
    if (settings !== store.settings) await writeStore(folder, { ...store, settings });
  });
}

export async function readOperatorFile(folder: string): Promise<OperatorFile> {
  const path = join(folder, "operator.json");
  const read = json.read(await textOf(path), readOperator);
  if ("problems" in read) throw broken(path, read.problems);
  return read.value;
}

export function formatOperator(
  operatorKey: string,
  ca: StoredAuthority,
  nextKey: string | null = null,
): string {
  const next = nextKey === null ? {} : { nextKey };
  const version = [operatorKey, nextKey ?? ""].some(isEncryptedKey) ? 2 : 1;
  return `${JSON.stringify({ version, operatorKey, ...next, ca }, null, 2)}\n`;
}

export async function setOperatorKey(
  folder: string,
  operatorKey: string,
  nextKey: string | null,
): Promise<void> {
  const { ca } = await readOperatorFile(folder);
  await writeAtomically(join(folder, "operator.json"), formatOperator(operatorKey, ca, nextKey), SECRET);
}
