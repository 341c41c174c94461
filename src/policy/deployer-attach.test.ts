/** What a client writes to a container: only where the container reads it, and within what the client may make Docker keep. */
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

test.each(["deployer", "operator"] as const)("%s: a container without an input gets none", async (role) => {
  for (const value of ["1", "true", "yes", ""]) {
    const { verdict, kept } = await attached(role, `stream=1&stdin=${value}&stdout=1`, false);
    expect(verdict).toMatchObject({ allow: true, target: `${TARGET}?stream=1&stdout=1` });
    expect(kept).toEqual([]);
  }
});

test.each(["deployer", "operator"] as const)("%s: an input counts as what Docker keeps", async (role) => {
  const { verdict, kept } = await attached(role, "stream=1&stdin=1", true);
  expect(verdict).toMatchObject({ allow: true, target: `${TARGET}?stream=1&stdin=1` });
  expect(kept).toEqual([(8 + 64) * 1024]);
  const refused = await attached(role, "stream=1&stdin=1", true, false);
  expect(refused.verdict).toMatchObject({ allow: false, reason: expect.stringContaining("in a short time") });
  const output = await attached(role, "stream=1&stdin=0&stdout=1", true, false);
  expect(output).toMatchObject({ verdict: { allow: true }, kept: [] });
});
