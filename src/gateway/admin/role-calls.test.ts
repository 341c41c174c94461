/** Roles that somebody has, or will have, cannot be removed: another role of that name would take their place. */
import { expect, test } from "vitest";
import type { AdminRequest } from "../admin-port.ts";
import type { AdminParts } from "./admin-parts.ts";
import { changeRoles } from "./role-calls.ts";

const remove = (clients: readonly object[], open: readonly object[] | null) => {
  const removed: string[] = [];
  const parts = {
    gateway: { clients, note: () => {} },
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
