import { expect, test } from "vitest";
import { askRole } from "../../../../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME } from "../../../../../test/support/policy/engine.ts";
import { compileRole, defaultRole, type EngineLookup } from "../../../index.ts";

const ID = "1".repeat(64);

async function verdictOn(method: string, target: string, isPrivileged: boolean): Promise<string> {
  const engine: EngineLookup = {
    ...emptyEngine,
    inspectContainer: async () => containerOf(ME),
    inspectExec: async (id) => ({ id, containerId: ID, isPrivileged }),
    inspectImage: async () => ({}),
  };
  const { ask } = askRole(compileRole(defaultRole("deployer")), engine);
  const verdict = await ask(`${method} ${target}`, method === "GET" ? "" : "{}");
  return verdict.allow ? "allowed" : verdict.reason;
}

test("an exec that an admin created with --privileged in a client's own container cannot be started by the client", async () => {
  const start = `/exec/${ID}/start`;
  expect(await verdictOn("POST", start, false)).toBe("allowed");
  expect(await verdictOn("POST", start, true)).toMatch(/the exec is privileged: .*\(check privileged\)/);
  expect(await verdictOn("GET", `/exec/${ID}/json`, true)).toBe("allowed");
});
