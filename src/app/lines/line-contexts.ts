/** The docker contexts that were made from lines, and how they compare with them. */
import { TetherdockError } from "../../base/index.ts";
import {
  type ContextStore,
  formatContextMeta,
  isStaleContext,
  type Line,
  type LineStore,
  type StoredContext,
  type TlsFiles,
} from "../../line/index.ts";

/** Where lines and docker contexts are kept. */
export interface LinePorts {
  readonly lines: LineStore;
  /** The docker CLI's contexts; loaded when asked for. */
  contexts(): Promise<ContextStore>;
}

/** `fresh`: the same as the line; `stale`: it changed since; `orphan`: the line is gone. */
export type ContextState = "fresh" | "stale" | "orphan";

/** One docker context that carries our mark. */
export interface LineContext {
  readonly name: string;
  readonly host: string | undefined;
  /** Name of the line; undefined for an orphan. */
  readonly line: string | undefined;
  readonly state: ContextState;
  readonly current: boolean;
}

/** A damaged line, and one that is gone since it was listed. */
const SKIPPED: ReadonlySet<string> = new Set(["LINE_BROKEN", "LINE_UNKNOWN"]);

/**
 * All lines but damaged ones, which `ls` and `status` report.
 * @throws FILE_FAILED when a line may be sound and cannot be read: its names could be given to another host
 */
export async function readableLines(ports: {
  readonly lines: Pick<LineStore, "list" | "read">;
}): Promise<Line[]> {
  const names = await ports.lines.list();
  const lines = await Promise.all(
    names.map((name) =>
      ports.lines.read(name).catch((error: unknown) => {
        if (error instanceof TetherdockError && SKIPPED.has(error.code)) return undefined;
        throw error;
      }),
    ),
  );
  return lines.filter((line) => line !== undefined);
}

async function tlsFilesOf(ports: LinePorts, name: string): Promise<TlsFiles> {
  const [ca, cert, key] = await Promise.all([
    ports.lines.readFile(name, "docker/ca.pem"),
    ports.lines.readFile(name, "docker/cert.pem"),
    ports.lines.readFile(name, "docker/key.pem"),
  ]);
  return { "ca.pem": ca, "cert.pem": cert, "key.pem": key };
}

async function stateOf(ports: LinePorts, stored: StoredContext, line?: Line): Promise<ContextState> {
  if (!line) return "orphan";
  const stale = isStaleContext(stored.meta, stored.files, line, await tlsFilesOf(ports, line.name));
  return stale ? "stale" : "fresh";
}

/** Every docker context that carries our mark, sorted by name. */
export async function listLineContexts(ports: LinePorts): Promise<LineContext[]> {
  const store = await ports.contexts();
  const ours = (await store.list()).filter(({ meta }) => meta.lineId !== undefined);
  if (ours.length === 0) return [];
  const [lines, current] = await Promise.all([readableLines(ports), store.current()]);
  return Promise.all(
    ours.map(async (stored) => {
      const line = lines.find(({ id }) => id === stored.meta.lineId);
      const { name, host } = stored.meta;
      const state = await stateOf(ports, stored, line);
      return { name, host, line: line?.name, state, current: name === current };
    }),
  );
}

/** Writes a line, as it is now, into the context `name`. Whose that was is the caller's to judge. */
export async function writeLineContext(ports: LinePorts, name: string, line: Line): Promise<void> {
  const store = await ports.contexts();
  await store.write(name, formatContextMeta(name, line), await tlsFilesOf(ports, line.name));
}

/**
 * Rewrites the stale copies of a line, for `up` after it renewed or moved something.
 * @returns the names of the contexts it rewrote
 */
export async function refreshContextsOf(ports: LinePorts, line: Line): Promise<string[]> {
  const found = await listLineContexts(ports);
  const stale = found
    .filter((one) => one.line === line.name && one.state === "stale")
    .map(({ name }) => name);
  for (const name of stale) await writeLineContext(ports, name, line);
  return stale;
}
