/** Roles that somebody has, or will have, cannot be removed: another role of that name would take their place. */
import { expect, test } from "vitest";
import type { AdminRequest } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";
import { changeRoles } from "./role-calls.ts";

/** @param fleet names of roles that the host's fleet has too @param own the clients of the host's own list */
const remove = (
  clients: readonly object[],
  open: readonly object[] | null,
  fleet: readonly string[] = [],
  own = clients,
) => {
  const removed: string[] = [];
  const parts = {
    gateway: { clients, note: () => {} },
    clients: { clients: own },
    fleet: { kept: { view: { list: { roles: fleet.map((name) => ({ name })) } } } },
    roles: { remove: async (name: string) => removed.push(name) > 0 },
    enrolment: open && { open },
  } as unknown as AdminParts;
  const request = { method: "DELETE", client: "anna" } as AdminRequest;
  return changeRoles(parts, request, "web-team").then(({ status }) => ({ status, removed }));
};
const bob = { name: "bob", role: "web-team" };
const others = { name: "eve", role: "ops-team" };

test.each([
  ["a client has it", [bob], []],
  ["somebody is invited with it", [others], [others, bob]],
])("a role is kept while %s", async (_what, clients, open) => {
  expect(await remove(clients, open)).toEqual({ status: 409, removed: [] });
});

test("a role that nobody has is removed", async () => {
  for (const open of [[others], null])
    expect(await remove([others], open)).toEqual({ status: 200, removed: ["web-team"] });
});

test("a role that hides the fleet's is kept while a client of the host's own has it; those of the fleet get the fleet's", async () => {
  expect(await remove([bob], [], ["web-team"])).toMatchObject({ status: 409 });
  expect(await remove([bob], [], ["web-team"], [others])).toMatchObject({ status: 200 });
  expect(await remove([bob], [], ["ops-team"], [others])).toMatchObject({ status: 409 });
});
