/** Roles on a fleet's list: what the list itself requires of them. */
import { expect, test } from "vitest";
import { fleetClient, fleetList } from "../../test/support/fleet/sample-fleet.ts";
import { putRoles, removeRole } from "./change-list.ts";
import { formatFleetList, readFleetList } from "./fleet-list.ts";
import type { FleetRole } from "./roles.ts";

const role = (name: string, more: object = {}): FleetRole => ({
  version: 1,
  name,
  extends: "viewer",
  ...more,
});

const reading = (...roles: readonly FleetRole[]) => readFleetList(formatFleetList(fleetList({ roles })));
const LIMIT = 128 * 1024;
/** So long that both are together as long as this. */
const sized = (total: number) => {
  const bare = JSON.stringify([role("a-a"), role("b-b", { description: "" })]).length;
  return [role("a-a"), role("b-b", { description: "x".repeat(total - bare) })] as const;
};

test("roles are kept as they were written, also by who does not know all of their keys", () => {
  const roles = [role("web-team", { later: [{ deep: true }] })];
  expect(reading(...roles)).toMatchObject({ value: { roles } });
});

test("a list without roles has the form that older gateways read; with roles they refuse it", () => {
  expect(JSON.parse(formatFleetList(fleetList()))).not.toHaveProperty("roles");
  expect(JSON.parse(formatFleetList(fleetList({ roles: [role("a-a")] })))).toHaveProperty("roles");
});

test.each([
  ["a built-in role's name", [role("viewer")], "roles[0].name"],
  ["no name", [{} as FleetRole], "roles[0].name"],
  ["a name twice", [role("a-a"), role("a-a")], "a-a is there twice"],
  ["too many", Array.from({ length: 101 }, (_, at) => role(`a-${at}`)), "at most 100"],
  ["too large together", sized(LIMIT + 1), "together more than 128 KiB"],
])("refused: %s", (_what, roles, why) => {
  const read = reading(...roles);
  expect("problems" in read && read.problems.join()).toContain(why);
});

test("128 KiB fit", () => {
  expect(reading(...sized(LIMIT))).toHaveProperty("value");
});

test("roles are added and replaced by name, in order", () => {
  const list = fleetList({ roles: [role("b-b"), role("c-c")] });
  const next = role("b-b", { description: "new" });
  expect(putRoles(list, [next, role("a-a")])).toMatchObject({
    list: { roles: [role("a-a"), next, role("c-c")] },
  });
});

test("a role goes when no client has it, whatever the client's state", () => {
  const eve = fleetClient("eve", { role: "b-b", state: "revoked" });
  const list = fleetList({ roles: [role("a-a"), role("b-b")], clients: [eve] });
  expect(removeRole(list, "a-a")).toMatchObject({ list: { roles: [role("b-b")] } });
  expect(removeRole(list, "b-b")).toEqual({
    ...{ refused: "role-in-use", text: "clients have the role b-b: eve", client: "eve" },
  });
  expect(removeRole(list, "x-x")).toEqual({ refused: "role", text: "the fleet has no role x-x" });
});
