/** Each tool may call what it needs, and no role that may do less would be enough. */
import { describe, expect, test } from "vitest";
import { operations } from "../../engine/index.ts";
import { compileRole, defaultRole, ROLE_NAMES, type RoleName } from "../index.ts";
import { PRESETS } from "./presets.ts";

const rolesOf = new Map(ROLE_NAMES.map((name) => [name, compileRole(defaultRole(name))]));
/** Those that may do less come first. */
const ORDER: readonly RoleName[] = ["viewer", "discovery", "builder", "deployer", "operator", "admin"];

function refusedTo(name: RoleName, calls: string): string[] {
  const role = rolesOf.get(name);
  const wanted = calls.split(" ");
  const known = operations.filter((operation) => wanted.includes(operation.name));
  expect(known).toHaveLength(wanted.length);
  return known.filter((one) => role?.decisions.get(one)?.allow === false).map((one) => one.name);
}

describe.each(PRESETS.map((preset) => [preset.name, preset] as const))("%s", (_name, { role, calls }) => {
  test("its role may call what it needs", () => {
    expect(refusedTo(role, calls)).toEqual([]);
  });

  // discovery differs from viewer in what is shown, and admin from operator in which bodies are allowed
  const less = role === "discovery" || role === "admin" ? [] : ORDER.slice(0, ORDER.indexOf(role));
  test.each(less)("%s would not be enough", (one) => {
    expect(refusedTo(one, calls)).not.toEqual([]);
  });
});
