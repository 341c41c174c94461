/** A client list in memory, like a store that is not a file. */
import { type Client, type ClientStore, recordsAfter, withRevocations } from "../../../src/identity/index.ts";

export interface MemoryStore extends ClientStore {
  /** Replaces the list without knowing about revocations; null: with something that is not a list. */
  replace(clients: readonly Client[] | null): void;
}

export function memoryStore(first: readonly Client[], now: () => number = () => 0): MemoryStore {
  let [clients, records, revision]: [readonly Client[] | null, ReturnType<typeof recordsAfter>, number] = [
    first,
    new Map(),
    0,
  ];
  const watchers = new Set<() => void>();
  const changed = () => {
    revision += 1;
    for (const tell of watchers) tell();
  };
  const kept = () => {
    if (clients === null) throw new Error("it is no list");
    return withRevocations(clients, records);
  };
  return {
    async read() {
      return { clients: kept(), revision: String(revision) };
    },
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
    async write(after, expected) {
      if (expected !== String(revision)) return "conflict";
      records = recordsAfter(records, kept(), after, now());
      clients = after;
      changed();
      return "ok";
    },
    replace(other) {
      clients = other;
      changed();
    },
  };
}
