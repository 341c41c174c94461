/**
 * The docker CLI's context store, written directly: the CLI need not be installed, and its own
 * `context update` would wipe the TLS files (docker/cli, cli/context/store).
 */
import { mkdir, readdir, realpath, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { TetherdockError } from "../../base/index.ts";
import {
  type ContextStore,
  contextDirectory,
  parseContextMeta,
  readCurrentContext,
  type StoredContext,
  TLS_FILES,
  type TlsFiles,
  withCurrentContext,
} from "../../line/index.ts";
import {
  discard,
  makeDirectory,
  sweep,
  syncDirectory,
  unfinishedIn,
  writeAtomically,
} from "./atomic-file.ts";
import { errorCodeOf, fileError, readIfThere, withFile } from "./file-error.ts";

interface Places {
  readonly contexts: string;
  readonly meta: (name: string) => string;
  readonly tls: (name: string) => string;
}

/** @param dockerHome `$DOCKER_CONFIG` or `~/.docker`, absolute; created by the first write */
export function createContextStore(dockerHome: string): ContextStore {
  const contexts = join(dockerHome, "contexts");
  const places: Places = {
    contexts,
    meta: (name) => join(contexts, "meta", contextDirectory(name)),
    tls: (name) => join(contexts, "tls", contextDirectory(name)),
  };
  const config = join(dockerHome, "config.json");
  return {
    list: () => listContexts(places),
    read: (name) => readContext(places, name),
    write: (name, metaJson, files) => writeContext(places, name, metaJson, files),
    remove: (name) => removeContext(places, name),
    current: async () => readCurrentContext((await readIfThere(config)) ?? "", config),
    use: (name) => useContext(dockerHome, config, name),
  };
}

async function listContexts(places: Places): Promise<StoredContext[]> {
  const root = join(places.contexts, "meta");
  const entries = await readdir(root).catch((error: unknown) => {
    if (errorCodeOf(error) === "ENOENT") return [];
    throw fileError("read", root, error);
  });
  const found: StoredContext[] = [];
  for (const entry of entries.filter((name) => /^[0-9a-f]{64}$/.test(name))) {
    const text = await readIfThere(join(root, entry, "meta.json"));
    const meta = text === undefined ? undefined : parseContextMeta(text);
    if (meta && contextDirectory(meta.name) === entry)
      found.push({ meta, files: await readTls(places, meta.name) });
  }
  return found.sort((a, b) => (a.meta.name < b.meta.name ? -1 : 1));
}

async function readTls(places: Places, name: string): Promise<Partial<TlsFiles>> {
  const files: Partial<Record<keyof TlsFiles, string>> = {};
  for (const file of TLS_FILES) {
    const text = await readIfThere(join(places.tls(name), "docker", file));
    if (text !== undefined) files[file] = text;
  }
  return files;
}

async function readContext(places: Places, name: string): Promise<StoredContext | undefined> {
  const file = join(places.meta(name), "meta.json");
  const text = await readIfThere(file);
  if (text === undefined) return undefined;
  const meta = parseContextMeta(text);
  if (meta) return { meta, files: await readTls(places, name) };
  // If we cannot read it, we did not write it: it must not be overwritten or removed.
  throw new TetherdockError("CONTEXT_FOREIGN", `cannot understand the docker context "${name}"`, {
    why: [`${file} is not what the docker CLI writes`],
    hints: [`docker context rm ${name}`],
  });
}

async function writeContext(
  places: Places,
  name: string,
  metaJson: string,
  files: TlsFiles | null,
): Promise<void> {
  if (files) await writeTls(places, name, files);
  // A folder without meta.json is not a context, so a new context appears complete.
  await makeDirectory(places.meta(name), 0o755);
  await writeAtomically(join(places.meta(name), "meta.json"), metaJson, 0o644);
  // Last: if we are stopped before, the context is stale, and a refresh removes them.
  if (!files) await removeTls(places, name);
}

async function removeTls(places: Places, name: string): Promise<void> {
  const path = places.tls(name);
  await withFile("remove", path, () => rm(path, { recursive: true, force: true }));
}

async function writeTls(places: Places, name: string, files: TlsFiles): Promise<void> {
  const bundle = join(places.tls(name), "docker");
  await makeDirectory(bundle);
  // The CLI reads every file in the bundle's folder, so unfinished files go into another one.
  const scratch = unfinishedIn(places.contexts);
  await withFile("make", scratch, () => mkdir(scratch, { mode: 0o700 }));
  try {
    for (const file of TLS_FILES) await writeAtomically(join(bundle, file), files[file], 0o600, scratch);
  } finally {
    await discard(scratch);
    await sweep(places.contexts);
  }
}

async function removeContext(places: Places, name: string): Promise<void> {
  // The key goes first: if we are stopped here, the context is still listed, and `rm` can finish the work.
  await removeTls(places, name);
  const meta = places.meta(name);
  await withFile("remove", meta, () => rm(meta, { recursive: true, force: true }));
  await withFile("remove", places.contexts, () => syncDirectory(join(places.contexts, "meta")));
}

async function useContext(dockerHome: string, config: string, name: string | undefined): Promise<void> {
  await makeDirectory(dockerHome);
  const text = await readIfThere(config);
  if (name === undefined && (text === undefined || readCurrentContext(text, config) === undefined)) return;
  // With a dotfiles repository it is often a symbolic link; a rename would replace the link itself.
  const target = text === undefined ? config : await withFile("read", config, () => realpath(config));
  const mode = text === undefined ? 0o600 : (await stat(target)).mode & 0o777;
  await writeAtomically(target, withCurrentContext(text ?? "", config, name), mode);
}
