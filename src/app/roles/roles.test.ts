/** What a gateway says of its roles, and the error for a role that does not exist. */
import { expect, test } from "vitest";
import { FakeGateway } from "../../../test/support/app/fake-gateway.ts";
import { MemoryLines } from "../../../test/support/app/lines.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { keptRoles, unknownRole } from "./roles.ts";

function answering(roles: unknown, more: object = {}) {
  const gateway = new FakeGateway();
  gateway.answers.set("roles", { roles, ...more });
  const lines = new MemoryLines();
  lines.keep(sampleLine({ name: "web" }));
  return keptRoles({ lines, env: {}, gateway }, undefined);
}

test("a role is its file, with a name, a base and a description that may be missing", async () => {
  const source = { version: 1, name: "web-team", extends: "deployer", later: [1] };
  const longest = { ...source, description: "x".repeat(1000) };
  expect(await answering([source, longest])).toEqual([
    { name: "web-team", extends: "deployer", description: "", source, fleet: false },
    {
      name: "web-team",
      extends: "deployer",
      description: longest.description,
      source: longest,
      fleet: false,
    },
  ]);
});

test("those of the gateway's fleet are told apart", async () => {
  const role = (name: string) => ({ name, extends: "viewer" });
  const kept = await answering([role("web-team")], { fleet: [role("ops-team")] });
  expect(kept.map(({ name, fleet }) => [name, fleet])).toEqual([
    ["web-team", false],
    ["ops-team", true],
  ]);
});

test.each([
  [{ extends: "deployer" }, "name"],
  [{ name: "web-team" }, "extends"],
  [{ name: "n".repeat(65), extends: "deployer" }, "name"],
  [{ name: "web-team", extends: "e".repeat(65) }, "extends"],
  [{ name: "web-team", extends: "deployer", description: "x".repeat(1001) }, "description"],
])("%j is no role", async (role, field) => {
  await expect(answering([role])).rejects.toThrow(`roles[0].${field}`);
});

test("more than 1000 roles are not read", async () => {
  const roles = Array.from({ length: 1001 }, () => ({ name: "web-team", extends: "deployer" }));
  expect(await answering(roles.slice(1))).toHaveLength(1000);
  await expect(answering(roles)).rejects.toThrow("roles");
});

test("an unknown role: at most twenty are named, all near ones are suggested, the command has the nearest", () => {
  const again = (name: string) => ["tetherdock", "client", "add", "--role", name];
  const names = ["web-team", "web-tean", ...Array.from({ length: 30 }, (_, at) => `role-${at}`)];
  const { code, why, hints } = unknownRole("web-teax", names, undefined, again);
  expect(code).toBe("ROLE_UNKNOWN");
  expect(why).toEqual([
    ...["did you mean web-team?", "did you mean web-tean?"],
    `the roles are ${names.slice(0, 20).join(", ")}`,
  ]);
  expect(hints).toEqual(["tetherdock client add --role web-team", "tetherdock policy ls"]);
  expect(unknownRole("x", [], "web", again)).toMatchObject({
    why: [],
    hints: ["tetherdock policy ls --line web"],
  });
});
