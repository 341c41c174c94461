/** What every store of the client list promises: the same tests for the file and for one in memory. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import {
  type Client,
  type ClientStore,
  formatClients,
  ListInForce,
  setClientState,
} from "../../src/identity/index.ts";
import { clientFile } from "../../src/system/identity/client-file.ts";
import { memoryStore } from "../support/identity/memory-store.ts";

const client = (name: string, more: Partial<Client> = {}): Client => ({
  ...{ name, fingerprint: name.repeat(64), role: "admin", state: "active", expires: null },
  ...more,
});
const [a, b] = [client("a"), client("b")];
const clock = () => Date.parse("2026-12-01T00:00:00Z");

interface Stage {
  readonly store: ClientStore;
  /** The same list as another process has it. */
  readonly other: ClientStore;
  /** Somebody replaces the list who knows nothing of stores; null: by something that is no list. */
  readonly replace: (clients: readonly Client[] | null) => void;
}

function inFile(): Stage {
  const folder = mkdtempSync(join(tmpdir(), "tetherdock-clients-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "clients.json");
  const replace = (clients: readonly Client[] | null) => {
    writeFileSync(join(folder, "new"), clients === null ? "{" : formatClients(clients));
    renameSync(join(folder, "new"), path);
  };
  replace([a, b]);
  return { store: clientFile(path, clock), other: clientFile(path, clock), replace };
}

function inMemory(): Stage {
  const store = memoryStore([a, b], clock);
  return { store, other: store, replace: store.replace };
}

describe.each([
  ["a file", inFile],
  ["memory", inMemory],
])("a client list in %s", (_where, stage) => {
  test("a written list is read back, also by others, and has a new revision", async () => {
    const { store, other } = stage();
    const before = await store.read();
    expect(before.clients).toEqual([a, b]);
    expect((await store.read()).revision).toBe(before.revision);
    expect(await store.write([a], before.revision)).toBe("ok");
    const after = await other.read();
    expect(after.clients).toEqual([a]);
    expect(after.revision).not.toBe(before.revision);
    expect(await store.read()).toEqual(after);
  });

  test("a write over a different version than was read is a conflict, and changes nothing", async () => {
    const { store, other, replace } = stage();
    const { revision } = await store.read();
    const both = await Promise.all([store.write([a], revision), other.write([b], revision)]);
    expect(both.toSorted()).toEqual(["conflict", "ok"]);
    const before = await store.read();
    replace([b, a]);
    expect(await store.write([a], before.revision)).toBe("conflict");
    expect((await store.read()).clients.map(({ name }) => name)).toEqual(["b", "a"]);
  });

  test("restoring an older list does not undo a revocation; a write that restores the client does", async () => {
    const { store, replace } = stage();
    const { revision } = await store.read();
    await store.write([a, { ...b, state: "revoked" }], revision);
    replace([a, b]);
    const kept = await store.read();
    expect(kept.clients.map(({ state }) => state)).toEqual(["active", "revoked"]);
    expect(await store.write([a, b], kept.revision)).toBe("ok");
    expect((await store.read()).clients).toEqual([a, b]);
  });

  test("a revocation alone makes a new revision", async () => {
    const { store, replace } = stage();
    const before = await store.read();
    await store.write([a], before.revision);
    replace([a, b]);
    expect((await store.read()).revision).not.toBe(before.revision);
  });

  test("a watcher hears of others' writes, until it stops, and reads what it wants", async () => {
    const { store, other, replace } = stage();
    const seen: string[] = [];
    const look = () =>
      void store.read().then(
        ({ revision }) => seen.push(revision),
        () => seen.push("unreadable"),
      );
    const stop = store.watch(look);
    onTestFinished(stop);
    const { revision } = await other.read();
    await other.write([a], revision);
    const after = await other.read();
    await expect.poll(() => seen.at(-1)).toBe(after.revision);
    replace(null);
    await expect.poll(() => seen.at(-1)).toBe("unreadable");
    stop();
    const count = seen.length;
    replace([a]);
    const { promise, resolve } = Promise.withResolvers<void>();
    onTestFinished(store.watch(resolve));
    replace([b]);
    await promise;
    expect(seen).toHaveLength(count);
  });

  test("concurrent changes of the list by two writers both take effect", async () => {
    const { store, other, replace } = stage();
    const names = Array.from("cdef01");
    const list = [a, ...names.map((name) => client(name))];
    replace(list);
    const kept = await store.read();
    const both = [store, other].map((one) => new ListInForce(one, kept, () => {}));
    const changes = names.map((name, at) => both[at % 2]?.change(setClientState(name, "revoked"), clock));
    for (const changed of await Promise.all(changes)) expect(changed).not.toHaveProperty("refused");
    const states = (await store.read()).clients.map(({ state }) => state);
    expect(states).toEqual(["active", ...names.map(() => "revoked")]);
  });
});
