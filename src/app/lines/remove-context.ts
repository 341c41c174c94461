/** Removes docker contexts of ours, and reports where docker commands go afterwards. */
import { type DockerEnvironment, type LostContext, withoutContext } from "./engine-in-use.ts";
import type { LinePorts } from "./line-contexts.ts";

type Ports = Pick<LinePorts, "contexts"> & DockerEnvironment;

/** A docker context is gone. */
export interface ContextRemoved {
  readonly kind: "notice";
  readonly id: "context-removed";
  readonly name: string;
  /** Where docker commands go now, if it was the current one. */
  readonly lost: LostContext | null;
}

/** Names of the contexts made from a line: the mark, not the name, tells whose a context is. */
export async function contextsOf({ contexts }: Pick<Ports, "contexts">, lineId: string): Promise<string[]> {
  const store = await contexts();
  return (await store.list()).filter(({ meta }) => meta.lineId === lineId).map(({ meta }) => meta.name);
}

/** @returns null where none of these contexts is the current one @throws DOCKER_CONFIG_BROKEN */
export async function lostContext(ports: Ports, names: readonly string[]): Promise<LostContext | null> {
  if (names.length === 0) return null;
  const current = await (await ports.contexts()).current();
  return current !== undefined && names.includes(current) ? withoutContext(current, ports) : null;
}

/** Removes a context, and makes "default" current where it was the current one. */
export async function removeContext(ports: Ports, name: string): Promise<ContextRemoved> {
  const store = await ports.contexts();
  const lost = await lostContext(ports, [name]);
  // This comes first: a current context that does not exist breaks every docker command.
  if (lost) await store.use(undefined);
  await store.remove(name);
  return { kind: "notice", id: "context-removed", name, lost };
}
