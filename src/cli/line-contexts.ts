/** The docker contexts that were made from lines, and how they compare with them. */
import {
  formatContextMeta,
  isStaleContext,
  type Line,
  type StoredContext,
  type TlsFiles,
} from "../line/index.ts";
import type { Context } from "./context.ts";

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

/** Lines that can be read; `ls` and `status` tell about the others. */
export async function readableLines(context: Context): Promise<Line[]> {
  const names = await context.lines.list();
  const lines = await Promise.all(names.map((name) => context.lines.read(name).catch(() => undefined)));
  return lines.filter((line) => line !== undefined);
}

async function tlsFilesOf(context: Context, name: string): Promise<TlsFiles> {
  const [ca, cert, key] = await Promise.all([
    context.lines.readFile(name, "docker/ca.pem"),
    context.lines.readFile(name, "docker/cert.pem"),
    context.lines.readFile(name, "docker/key.pem"),
  ]);
  return { "ca.pem": ca, "cert.pem": cert, "key.pem": key };
}

async function stateOf(context: Context, stored: StoredContext, line?: Line): Promise<ContextState> {
  if (!line) return "orphan";
  const stale = isStaleContext(stored.meta, stored.files, line, await tlsFilesOf(context, line.name));
  return stale ? "stale" : "fresh";
}

/** Every docker context that carries our mark, sorted by name. */
export async function listLineContexts(context: Context): Promise<LineContext[]> {
  const store = await context.contexts();
  const ours = (await store.list()).filter(({ meta }) => meta.lineId !== undefined);
  if (ours.length === 0) return [];
  const [lines, current] = await Promise.all([readableLines(context), store.current()]);
  return Promise.all(
    ours.map(async (stored) => {
      const line = lines.find(({ id }) => id === stored.meta.lineId);
      const { name, host } = stored.meta;
      const state = await stateOf(context, stored, line);
      return { name, host, line: line?.name, state, current: name === current };
    }),
  );
}

/** Writes a line, as it is now, into the context `name`. Whose that was is the caller's to judge. */
export async function writeLineContext(context: Context, name: string, line: Line): Promise<void> {
  const store = await context.contexts();
  await store.write(name, formatContextMeta(name, line), await tlsFilesOf(context, line.name));
}

/**
 * Rewrites the stale copies of a line, for `up` after it renewed or moved something.
 * @returns the names of the contexts it rewrote
 */
export async function refreshContextsOf(context: Context, line: Line): Promise<string[]> {
  const found = await listLineContexts(context);
  const stale = found
    .filter((one) => one.line === line.name && one.state === "stale")
    .map(({ name }) => name);
  for (const name of stale) await writeLineContext(context, name, line);
  return stale;
}

/** Removes a context, and makes "default" current where it was the current one. */
export async function removeLineContext(context: Context, name: string): Promise<void> {
  const store = await context.contexts();
  // First: a current context that does not exist breaks every docker command.
  if ((await store.current()) === name) {
    await store.use(undefined);
    context.stderr.line(`"${name}" was the current docker context; now "default" is`);
  }
  await store.remove(name);
}

/**
 * Removes every context made from a line, for `down`.
 * @param lineId the line's id: the mark, not the name, tells whose a context is
 * @returns the names of what was removed
 */
export async function removeContextsOf(context: Context, lineId: string): Promise<string[]> {
  const store = await context.contexts();
  const names = (await store.list())
    .filter(({ meta }) => meta.lineId === lineId)
    .map(({ meta }) => meta.name);
  for (const name of names) await removeLineContext(context, name);
  return names;
}
