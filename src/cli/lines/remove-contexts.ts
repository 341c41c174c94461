/** Docker contexts of ours go, and the user is told where that changes the current one. */
import type { Context } from "../context.ts";

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
