import { expect, test } from "vitest";
import { DEFAULT_ROLE, defaultRole, type RoleName, widestRole } from "./catalogue.ts";

test("a client that is added without a role gets the least role", () => {
  expect(DEFAULT_ROLE).toBe("viewer");
  expect(defaultRole("viewer")).toMatchObject({ name: "viewer", options: { logs: false } });
  expect(widestRole("viewer")).toMatchObject({ name: "viewer", options: { logs: true } });
  expect(() => defaultRole("nosuch" as RoleName)).toThrow("there is no role nosuch");
});
