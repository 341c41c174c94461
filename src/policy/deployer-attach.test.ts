/** An attach: with the client's input only where the container has one, and within what the client may make Docker keep. */
import { expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { CONFINED, containerOf, emptyEngine, ME } from "../../test/support/policy/engine.ts";
import { compileRole, defaultRole, type EngineLookup } from "./index.ts";

async function attached(role: "deployer" | "operator", query: string, hasStdin: boolean, may = true) {
  const engine: EngineLookup = {
    ...emptyEngine,
    inspectContainer: async () => ({ ...containerOf(ME), ...CONFINED, hasStdin }),
    inspectImage: async () => ({}),
  };
  const kept: number[] = [];
  const mayKeep = (bytes: number) => {
    kept.push(bytes);
    return may;
  };
  const line = `POST /v1.41/containers/web/attach?${query}`;
  const verdict = await askRole(compileRole(defaultRole(role)), engine).verdictOn(line, undefined, {
    mayKeep,
  });
  return { verdict, kept };
}

const TARGET = `/v1.41/containers/${containerOf(ME).id}/attach`;

const KEPT = 32 * 1024;
const KEPT_WITH_INPUT = 104 * 1024;

test.each(["deployer", "operator"] as const)("%s: a container without an input gets none", async (role) => {
  for (const value of ["1", "true", "yes", ""])
    expect(await attached(role, `stream=1&stdin=${value}&stdout=1`, false)).toMatchObject({
      verdict: { allow: true, target: `${TARGET}?stream=1&stdout=1` },
      kept: [KEPT],
    });
});

test.each(["deployer", "operator"] as const)("%s: an attach counts as what Docker keeps", async (role) => {
  expect(await attached(role, "stream=1&stdin=1", true)).toMatchObject({
    verdict: { allow: true, target: `${TARGET}?stream=1&stdin=1` },
    kept: [KEPT_WITH_INPUT],
  });
  expect(await attached(role, "stream=1&stdout=1", true)).toMatchObject({ kept: [KEPT] });
  for (const hasStdin of [true, false])
    expect(await attached(role, "stream=1&stdout=1", hasStdin, false)).toMatchObject({
      verdict: { allow: false, reason: expect.stringContaining("in a short time") },
    });
});
