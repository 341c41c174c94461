/** Which of a fleet's roles are in force on a host. */
import { expect, test } from "vitest";
import { json } from "../../base/index.ts";
import type { FleetRole } from "../../fleet/index.ts";
import { type OwnRole, readOwnRole } from "../../policy/index.ts";
import { FleetRoleReader } from "./fleet-roles.ts";

const role = (name: string, more: object = {}): FleetRole => ({
  version: 1,
  name,
  extends: "viewer",
  ...more,
});

function own(name: string, more: object = {}): OwnRole {
  const read = json.read(JSON.stringify(role(name, more)), readOwnRole);
  return "value" in read ? read.value : expect.fail(read.problems.join());
}

const judge = (roles: readonly FleetRole[], all: readonly OwnRole[] = [], isKnown = true) => {
  const { inForce, ...others } = new FleetRoleReader().judge(roles, { all, isKnown });
  return { inForce: inForce.map((one) => one.role.name), ...others };
};

test("a fleet's role is in force, unless the host has one of its own with that name", () => {
  expect(judge([role("web-team"), role("ops-team")], [own("web-team")])).toEqual({
    ...{ inForce: ["ops-team"], hidden: ["web-team"], unusable: [] },
  });
});

test.each([
  ["an unknown key", { later: true }, "later"],
  ["a newer form", { version: 2 }, "version must be 1"],
  [
    "an operation that is not known here",
    { operations: { deny: ["ContainerTeleport"] } },
    "ContainerTeleport",
  ],
  ["a base that is not known here", { extends: "wizard" }, "extends"],
  ["a base that nobody can change", { extends: "admin" }, "extends"],
])("a role with %s is not in force at all: what it would take away is not known", (_what, more, why) => {
  expect(judge([role("web-team", more), role("ops-team")])).toEqual({
    ...{ inForce: ["ops-team"], hidden: [] },
    unusable: [{ name: "web-team", why: expect.stringContaining(why) }],
  });
});

test("while the host's own roles are not known, none of the fleet's takes their place", () => {
  expect(judge([role("web-team")], [], false)).toMatchObject({
    inForce: [],
    unusable: [{ name: "web-team", why: "the host's own roles cannot be read" }],
  });
});

test("of two roles that cannot be in force together, the host's own counts, then the first", () => {
  const binding = (path: string) => ({ extends: "deployer", binds: [{ path }] });
  const roles = [role("a-a", binding("/srv/shop")), role("b-b", binding("/srv/shop/conf"))];
  const conflict = { why: expect.stringContaining("could replace the other by a link") };
  for (const signed of [roles, roles.toReversed()])
    expect(judge(signed)).toMatchObject({ inForce: ["a-a"], unusable: [{ name: "b-b", ...conflict }] });
  expect(judge(roles, [own("c-c", binding("/srv"))])).toMatchObject({
    inForce: [],
    unusable: [conflict, conflict],
  });
});

test("a role that stays the same is the same object, so nobody is cut", () => {
  const reader = new FleetRoleReader();
  const [before] = reader.judge([role("web-team")], { all: [], isKnown: true }).inForce;
  const after = reader.judge([role("a-a"), role("web-team")], { all: [], isKnown: true }).inForce[1];
  expect(after).toBe(before);
});

test("reading many roles keeps nobody waiting: others get their turn between two", async () => {
  const reader = new FleetRoleReader();
  const roles = Array.from({ length: 5 }, (_, at) => role(`a-${at}`));
  let turns = 0;
  const count = () => {
    turns += 1;
    if (turns < 1000) setImmediate(count);
  };
  setImmediate(count);
  await reader.prepare(roles);
  expect(turns).toBeGreaterThanOrEqual(4);
  turns = 0;
  await reader.prepare([...roles]);
  expect(turns).toBe(0);
  expect(reader.judge(roles, { all: [], isKnown: true }).inForce).toHaveLength(5);
});
