/** Concurrent changes to the client list. */
import { expect, test } from "vitest";
import { memoryStore } from "../../../test/support/identity/memory-store.ts";
import { type Client, ListInForce } from "../../identity/index.ts";
import type { AdminRequest } from "../admin-port.ts";
import { Cuts } from "../record/cuts.ts";
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

const revoke = (parts: AdminParts, name: string) => {
  const request: Partial<AdminRequest> = { method: "POST", client: "c0", body: Buffer.alloc(0) };
  return changeClients(parts, request as AdminRequest, `${name}/revoke`);
};

test("concurrent revocations are all made, and one that fails does not delay the others", async () => {
  const store = memoryStore(before);
  const clients = new ListInForce(store, await store.read(), () => {});
  const gateway = { clock: () => 0, note: () => {}, cuts: new Cuts() };
  const parts = { clients, gateway, fleet: { kept: null } } as unknown as AdminParts;
  const names = before.slice(1).map(({ name }) => name);
  const answers = await Promise.all(["nobody", ...names].map((name) => revoke(parts, name)));
  expect(answers.map(({ status }) => status)).toEqual([404, ...names.map(() => 200)]);
  const active = (await store.read()).clients.filter(({ state }) => state === "active");
  expect(active.map(({ name }) => name)).toEqual(["c0"]);
});

test("an invitation that cannot be ended does not keep its client from being revoked", async () => {
  const store = memoryStore(before.slice(0, 2));
  const clients = new ListInForce(store, await store.read(), () => {});
  const gateway = { clock: () => 0, note: () => {}, cuts: new Cuts() };
  const enrolment = { takeBack: () => Promise.reject(new Error("the disk is full")) };
  const parts = { clients, gateway, enrolment, fleet: { kept: null } } as unknown as AdminParts;
  await expect(revoke(parts, "c1")).rejects.toThrow("the disk is full");
  await expect(revoke(parts, "invited")).rejects.toThrow("the disk is full");
  expect(clients.clients.map(({ state }) => state)).toEqual(["active", "revoked"]);
});

test("an admin whose key the fleet has revoked does not count: another one stays", async () => {
  const store = memoryStore(before.slice(0, 3));
  const clients = new ListInForce(store, await store.read(), () => {});
  const gateway = { clock: () => 0, note: () => {}, cuts: new Cuts() };
  const kept = { view: { list: { clients: [] } }, revoked: [before[2]?.fingerprint] };
  const parts = { clients, gateway, fleet: { kept } } as unknown as AdminParts;
  expect((await revoke(parts, "c1")).status).toBe(200);
  expect(await revoke(parts, "c0")).toMatchObject({
    status: 409,
    value: { message: expect.stringContaining("the fleet has revoked the others") },
  });
});

test("a key that the fleet has revoked is neither added nor restored: it would get in when the host leaves the fleet", async () => {
  const [admin, revoked, key] = [before[0], before[1], "f".repeat(64)];
  const store = memoryStore([admin, { ...revoked, state: "revoked" }] as Client[]);
  const clients = new ListInForce(store, await store.read(), () => {});
  const gateway = { clock: () => 0, note: () => {}, cuts: new Cuts(), role: () => ({}) };
  const kept = { view: { list: { name: "acme", clients: [] } }, revoked: [revoked?.fingerprint, key] };
  const parts = { clients, gateway, fleet: { kept } } as unknown as AdminParts;
  const added = { name: "eva", fingerprint: key, role: "admin", state: "active", expires: null };
  const call = (method: string, rest: string, body: string) =>
    changeClients(parts, { method, client: "c0", body: Buffer.from(body) } as AdminRequest, rest);
  const answers = [
    await call("PUT", "eva", JSON.stringify(added)),
    await call("POST", "c1/restore", ""),
    await call("PUT", "c1", JSON.stringify(revoked)),
  ];
  for (const answer of answers)
    expect(answer).toMatchObject({
      status: 409,
      value: { message: expect.stringContaining("the fleet acme has revoked this key for good") },
    });
  expect((await store.read()).clients.map(({ state }) => state)).toEqual(["active", "revoked"]);
  expect(await call("DELETE", "c1", "")).toMatchObject({ status: 200 });
});

test("another role changes only the role, and one that nobody has made, or that leaves no admin, is refused", async () => {
  const viewer: Client = { ...(before[1] as Client), role: "viewer", state: "revoked" };
  const store = memoryStore([before[0] as Client, viewer]);
  const clients = new ListInForce(store, await store.read(), () => {});
  const notes: string[] = [];
  const gateway = {
    clock: () => 0,
    note: (_kind: string, by: string, rule: string, name: string) => notes.push([by, rule, name].join(" ")),
    cuts: new Cuts(),
    role: (name: string) => (name === "made-up" ? undefined : {}),
  };
  const parts = { clients, gateway, fleet: { kept: null } } as unknown as AdminParts;
  const call = async (rest: string, body: string) =>
    (
      await changeClients(
        parts,
        { method: "POST", client: "c0", body: Buffer.from(body) } as AdminRequest,
        rest,
      )
    ).status;
  expect(await call("c1/role", '{"role":"deployer"}')).toBe(200);
  expect((await store.read()).clients).toEqual([before[0], { ...viewer, role: "deployer" }]);
  expect(await call("c1/role", '{"role":"made-up"}')).toBe(400);
  expect(await call("c1/role", '{"role":"viewer","state":"active"}')).toBe(400);
  expect(await call("c0/role", '{"role":"viewer"}')).toBe(409);
  expect(await call("nobody/role", '{"role":"viewer"}')).toBe(404);
  expect((await store.read()).clients).toEqual([before[0], { ...viewer, role: "deployer" }]);
  expect(notes).toEqual(["c0 client-changed c1"]);
});

test("with a client of lend, the role goes that was made for it; a role that somebody has made stays", async () => {
  const lent = "lend-0123456789";
  for (const [name, roles, removed] of [
    [lent, [], [lent]],
    [lent, [lent], []],
    ["web-team", [], []],
  ] as const) {
    const store = memoryStore([before[0], { ...before[1], name, role: "viewer" }] as Client[]);
    const clients = new ListInForce(store, await store.read(), () => {});
    const gone: string[] = [];
    const gateway = {
      ...{ clock: () => 0, note: () => {}, cuts: new Cuts() },
      clients: roles.map((role) => ({ role })),
    };
    const own = { remove: async (role: string) => gone.push(role) > 0 };
    const parts = { clients, gateway, roles: own, fleet: { kept: null } } as unknown as AdminParts;
    const request = { method: "DELETE", client: "c0", body: Buffer.alloc(0) } as unknown as AdminRequest;
    expect((await changeClients(parts, request, name)).status).toBe(200);
    expect(gone).toEqual(removed);
  }
});
