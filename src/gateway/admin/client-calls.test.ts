/** Changes of the client list that come at the same moment. */
import { expect, test } from "vitest";
import type { Client, ClientStore } from "../../identity/index.ts";
import type { LocalRequest } from "../local-api.ts";
import type { AdminParts } from "./admin-parts.ts";
import { changeClients } from "./client-calls.ts";

const COUNT = 20;
const before: readonly Client[] = Array.from({ length: COUNT + 1 }, (_, at) => ({
  ...{
    name: `c${at}`,
    fingerprint: String(at).padStart(64, "0"),
    role: "admin",
    state: "active",
    expires: null,
  },
}));

/** Keeps the list in memory; a write over another list than was read is a conflict, as in a file. */
function memoryStore(): ClientStore {
  let [clients, revision] = [before, 0];
  return {
    read: async () => ({ clients, revision: String(revision) }),
    write: async (after, expected) => {
      if (expected !== String(revision)) return "conflict";
      [clients, revision] = [after, revision + 1];
      return "ok";
    },
  };
}

const revoke = (parts: AdminParts, name: string) => {
  const request: Partial<LocalRequest> = { method: "POST", client: "c0", body: Buffer.alloc(0) };
  return changeClients(parts, request as LocalRequest, `${name}/revoke`);
};

test("revocations at the same moment are all made, and one that fails holds up no other", async () => {
  const clients = memoryStore();
  const gateway = { clock: () => 0, note: () => {}, setClients: () => {} };
  const parts = { clients, gateway } as unknown as AdminParts;
  const names = before.slice(1).map(({ name }) => name);
  const answers = await Promise.all(["nobody", ...names].map((name) => revoke(parts, name)));
  expect(answers.map(({ status }) => status)).toEqual([404, ...names.map(() => 200)]);
  const active = (await clients.read()).clients.filter(({ state }) => state === "active");
  expect(active.map(({ name }) => name)).toEqual(["c0"]);
});
