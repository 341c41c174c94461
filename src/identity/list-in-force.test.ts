import { describe, expect, test } from "vitest";
import { memoryStore } from "../../test/support/identity/memory-store.ts";
import { TetherdockError } from "../base/index.ts";
import { putClient, removeClient, setClientState } from "./change.ts";
import type { Client } from "./client.ts";
import { ListInForce } from "./list-in-force.ts";
import type { ClientStore } from "./store.ts";

const now = () => 0;
const client = (name: string, more: Partial<Client> = {}): Client => ({
  ...{ name, fingerprint: name.repeat(64), role: "admin", state: "active", expires: null },
  ...more,
});
const [a, b] = [client("a"), client("b")];
const namesOf = (clients: readonly Client[]) => clients.map(({ name }) => name).join(" ");

async function stage(change: (store: ClientStore) => ClientStore = (store) => store) {
  const kept = memoryStore([a, b]);
  const store = change(kept);
  const seen: string[] = [];
  const list = new ListInForce(store, await kept.read(), (clients) => seen.push(namesOf(clients)));
  return { kept, list, seen };
}

describe("ListInForce", () => {
  test("a change is stored and in force once it is answered", async () => {
    const { kept, list, seen } = await stage();
    expect(await list.change(removeClient("b"), now)).toMatchObject({ done: "removed" });
    expect(seen).toEqual(["a"]);
    expect(namesOf((await kept.read()).clients)).toBe("a");
  });

  test("others' changes are in force after a refresh, which reports whether there were any", async () => {
    const { kept, list, seen } = await stage();
    expect(await list.refresh()).toBe(false);
    kept.replace([b]);
    expect(await list.refresh()).toBe(true);
    expect(seen).toEqual(["b"]);
  });

  test("a list that was read before a change never replaces it", async () => {
    const { promise: slowRead, resolve: goOn } = Promise.withResolvers<void>();
    let reads = 0;
    const { list, seen } = await stage((store) => ({
      ...store,
      read: async () => {
        const kept = await store.read();
        reads += 1;
        if (reads === 1) await slowRead;
        return kept;
      },
    }));
    const slow = list.refresh();
    const change = list.change(removeClient("b"), now);
    await new Promise((resolve) => setImmediate(resolve));
    goOn();
    await Promise.all([slow, change]);
    expect(seen).toEqual(["a"]);
    expect(namesOf(list.clients)).toBe("a");
  });

  test("a written change takes effect even if the list cannot be read again", async () => {
    const { kept, list, seen } = await stage((store) => ({
      ...store,
      write: async (clients, expected) => {
        const result = await store.write(clients, expected);
        kept.replace(null);
        return result;
      },
    }));
    expect(await list.change(setClientState("b", "revoked"), now)).toMatchObject({ done: "changed" });
    expect(list.clients.map(({ state }) => state)).toEqual(["active", "revoked"]);
    kept.replace([b]);
    expect(await list.refresh()).toBe(true);
    expect(seen).toEqual(["a b", "b"]);
  });

  test("if another writer is always first, the change ends with an answer", async () => {
    const { list } = await stage((store) => ({ ...store, write: async () => "conflict" }));
    expect(await list.change(removeClient("b"), now)).toMatchObject({ refused: "busy" });
  });

  test("a failed change does not delay others", async () => {
    let fails = true;
    const { list } = await stage((store) => ({
      ...store,
      write: async (...words) => {
        if (fails) throw new Error("the disk is full");
        return store.write(...words);
      },
    }));
    await expect(list.change(removeClient("b"), now)).rejects.toThrow("the disk is full");
    fails = false;
    expect(await list.change(removeClient("b"), now)).toMatchObject({ done: "removed" });
  });
});

describe("when the disk is full", () => {
  async function full() {
    const disk = { isFull: true };
    const staged = await stage((store) => ({
      ...store,
      write: async (...words) => {
        if (disk.isFull) throw new TetherdockError("FILE_FAILED", "cannot write x", { why: ["no space"] });
        return store.write(...words);
      },
    }));
    const states = (clients: readonly Client[]) => clients.map(({ name, state }) => `${name} ${state}`);
    return { ...staged, disk, states };
  }

  test.each([
    ["revoked", setClientState("b", "revoked")],
    ["removed", removeClient("b")],
  ])("who is %s is out at once, and stays out after others' changes", async (_what, change) => {
    const { kept, list, states } = await full();
    await expect(list.change(change, now)).rejects.toMatchObject({
      ...{ code: "FILE_FAILED", why: ["no space"] },
      message: "cannot write x; access has ended all the same, until the gateway restarts",
    });
    expect(states(list.clients)).toEqual(["a active", "b revoked"]);
    kept.replace([b, a]);
    expect(await list.refresh()).toBe(true);
    expect(states(list.clients)).toEqual(["b revoked", "a active"]);
  });

  test("the next change that can be written keeps it", async () => {
    const { kept, list, states, disk } = await full();
    await list.change(setClientState("b", "revoked"), now).catch(() => undefined);
    disk.isFull = false;
    await list.change(putClient(client("c")), now);
    expect(states((await kept.read()).clients)).toEqual(["a active", "b revoked", "c active"]);
    await list.change(setClientState("b", "active"), now);
    expect(states(list.clients)).toEqual(["a active", "b active", "c active"]);
  });

  test("restore undoes it, also if the stored list has never known of it", async () => {
    const { list, states, disk } = await full();
    await list.change(setClientState("b", "revoked"), now).catch(() => undefined);
    await expect(list.change(setClientState("b", "active"), now)).rejects.toThrow(/^cannot write x$/);
    expect(states(list.clients)).toEqual(["a active", "b revoked"]);
    disk.isFull = false;
    await list.change(setClientState("b", "active"), now);
    expect(states(list.clients)).toEqual(["a active", "b active"]);
  });

  test("a change that shuts nobody out changes nothing", async () => {
    const { list, seen } = await full();
    await expect(list.change(putClient(client("c")), now)).rejects.toThrow(/^cannot write x$/);
    expect(seen).toEqual([]);
  });
});

describe("the last active admin", () => {
  const viewer = client("v", { role: "viewer" });
  const late = client("l", { expires: "1960-01-01T00:00:00Z" });
  test.each([
    ["removed", removeClient("a")],
    ["revoked", setClientState("a", "revoked")],
    ["made a viewer", putClient({ ...a, role: "viewer" })],
    ["given an end that has passed", putClient({ ...a, expires: "1969-12-31T00:00:00Z" })],
  ])("is not %s", async (_what, change) => {
    const store = memoryStore([a, viewer, late, { ...b, state: "revoked" }]);
    const before = await store.read();
    const list = new ListInForce(store, before, () => {});
    expect(await list.change(change, now)).toMatchObject({ refused: "last-admin" });
    expect(await store.read()).toEqual(before);
  });

  test("without an active admin others can still be revoked, and an admin can be added", async () => {
    const store = memoryStore([viewer]);
    const list = new ListInForce(store, await store.read(), () => {});
    expect(await list.change(setClientState("v", "revoked"), now)).toMatchObject({ done: "changed" });
    expect(await list.change(putClient(a), now)).toMatchObject({ done: "added" });
  });
});

test.each([
  ["of a client that is not there", removeClient("c"), "unknown-client"],
  ["of the state of one that is not there", setClientState("c", "revoked"), "unknown-client"],
  ["that gives a client another's key", putClient({ ...a, name: "c" }), "key-taken"],
])("a change %s is refused", async (_what, change, refused) => {
  const { list, seen } = await stage();
  expect(await list.change(change, now)).toMatchObject({ refused });
  expect(seen).toEqual([]);
});
