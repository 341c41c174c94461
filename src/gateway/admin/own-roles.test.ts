/** The roles that somebody has made, over a store in memory. */
import { expect, test, vi } from "vitest";
import type { TetherdockError } from "../../base/index.ts";
import type { OwnRole } from "../../policy/index.ts";
import { OwnRoles, parseOwnRoles } from "./own-roles.ts";

const role = (name: string, deny: readonly string[] = []) => ({
  ...{ version: 1, name, extends: "viewer", operations: { deny } },
});

function made(text?: string) {
  const stored = { text };
  const inForce = vi.fn((_roles: readonly OwnRole[]) => undefined);
  const store = {
    path: "/roles.json",
    read: async () => stored.text,
    write: async (next: string) => {
      stored.text = next;
    },
    watch: () => () => {},
  };
  return { stored, inForce, roles: new OwnRoles(store, inForce) };
}

const put = (roles: OwnRoles, name: string, more = {}) =>
  roles.put(name, JSON.stringify({ ...role(name), ...more }));

test("without a file there are no roles, and nothing to tell", async () => {
  const { roles } = made();
  expect(await roles.refresh()).toBe(false);
  expect(roles.all).toEqual([]);
});

test("changes run one at a time, so none is lost; what is in force is what is stored", async () => {
  const { roles, stored, inForce } = made();
  await Promise.all(["c-c", "a-a", "b-b"].map((name) => put(roles, name)));
  await roles.remove("b-b");
  expect(roles.all.map((own) => own.role.name)).toEqual(["a-a", "c-c"]);
  expect(inForce).toHaveBeenLastCalledWith(roles.all);
  expect(parseOwnRoles(stored.text, "").map(({ source }) => source)).toEqual([role("a-a"), role("c-c")]);
  expect(await roles.refresh()).toBe(false);
});

test("what somebody else has stored is taken over", async () => {
  const { roles, stored } = made();
  await put(roles, "a-a");
  stored.text = JSON.stringify({ version: 1, roles: [role("b-b")] });
  expect(await roles.refresh()).toBe(true);
  expect(await roles.remove("a-a")).toBe(false);
});

test.each([
  ["no JSON", "{", "it is not JSON"],
  ["another version", '{"version":2,"roles":[]}', "version must be 1"],
  ["a role twice", JSON.stringify({ version: 1, roles: [role("a-a"), role("a-a")] }), "roles has a-a twice"],
  [
    "an unknown operation",
    JSON.stringify({ version: 1, roles: [role("a-a", ["X"])] }),
    "roles[0].operations.deny[0] (X)",
  ],
])("%s: the roles in force stay", async (_what, text, why) => {
  const { roles, stored, inForce } = made(JSON.stringify({ version: 1, roles: [role("a-a")] }));
  await roles.refresh();
  stored.text = text;
  for (const change of [() => roles.refresh(), () => put(roles, "b-b"), () => roles.remove("a-a")]) {
    const error = await change().then(
      () => expect.fail(),
      (thrown: TetherdockError) => thrown,
    );
    expect(error).toMatchObject({ code: "GATEWAY_ROLES_BROKEN" });
    expect(error.why.join()).toContain(why);
  }
  expect(inForce).toHaveBeenCalledOnce();
  expect(stored.text).toBe(text);
});

test("at most 100 roles", async () => {
  const { roles } = made();
  for (let index = 0; index < 100; index++) await put(roles, `a-${index}`);
  expect(await put(roles, "b-b")).toEqual({ problems: ["there are already 100 roles"] });
  expect(await put(roles, "a-7", { description: "replaced" })).toEqual({ done: true });
});

test("a role whose path another role's containers could replace by a link is refused, whichever came first", async () => {
  const binding = (...binds: readonly object[]) => ({ extends: "deployer", binds });
  const outer = binding({ path: "/srv/shop" });
  const inner = binding({ path: "/srv/shop/conf", readOnly: true });
  for (const [first, then] of [
    [outer, inner],
    [inner, outer],
  ]) {
    const { roles } = made();
    expect(await put(roles, "a-a", first)).toEqual({ done: true });
    expect(await put(roles, "b-b", then)).toEqual({
      problems: [expect.stringContaining("of the role a-a: containers that may write to one could replace")],
    });
    expect(await put(roles, "c-c", first)).toEqual({ done: true });
    expect(await put(roles, "a-a", first)).toEqual({ done: true });
  }
});
