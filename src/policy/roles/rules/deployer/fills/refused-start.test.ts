import { expect, test } from "vitest";
import { askRole } from "../../../../../../test/support/policy/ask-role.ts";
import {
  CONFINED,
  containerOf,
  emptyEngine,
  ME,
  OTHER,
} from "../../../../../../test/support/policy/engine.ts";
import { compileRole, defaultRole } from "../../../../index.ts";

/** @returns whether the start is refused, and which containers the gateway removes */
async function start(
  role: "deployer" | "operator",
  owner: string,
  AutoRemove: unknown,
  removes = async () => true,
) {
  const removed: string[] = [];
  const { ask } = askRole(compileRole(defaultRole(role)), {
    ...emptyEngine,
    inspectImage: async () => ({}),
    inspectContainer: async () =>
      containerOf(owner, { ...CONFINED, hostConfig: { ...CONFINED.hostConfig, AutoRemove }, published: 129 }),
    removeContainer: (id) => {
      removed.push(id);
      return removes();
    },
  });
  const { allow } = await ask("POST /containers/web/start", "", { owner: ME });
  return { allow, removed };
}

const ID = containerOf(ME).id;

test.each(["deployer", "operator"] as const)(
  "%s: a refused start removes a container of `docker run --rm`",
  async (role) => {
    expect(await start(role, ME, true)).toEqual({ allow: false, removed: [ID] });
  },
);

test.each(["deployer", "operator"] as const)(
  "%s: a start that is allowed removes such a container only if the gateway cannot pass it on",
  async (role) => {
    const removed: string[] = [];
    const { verdictOn } = askRole(compileRole(defaultRole(role)), {
      ...emptyEngine,
      inspectImage: async () => ({}),
      inspectContainer: async () =>
        containerOf(ME, { ...CONFINED, hostConfig: { ...CONFINED.hostConfig, AutoRemove: true } }),
      removeContainer: async (id) => removed.push(id) > 0,
    });
    const verdict = await verdictOn("POST /containers/web/start", "", { owner: ME });
    if (!("notStarted" in verdict)) return expect.fail("it says nothing of that");
    expect(removed).toEqual([]);
    await verdict.notStarted?.();
    expect(removed).toEqual([ID]);
  },
);

test.each([false, undefined, "true", 1])("a container whose AutoRemove is %j stays", async (value) => {
  expect(await start("deployer", ME, value)).toEqual({ allow: false, removed: [] });
});

test("nobody else's is removed", async () => {
  expect((await start("deployer", OTHER, true)).removed).toEqual([]);
  expect((await start("operator", OTHER, true)).removed).toEqual([]);
});

test("the start is refused although the engine fails", async () => {
  const fails = () => Promise.reject(new Error("gone"));
  expect(await start("deployer", ME, true, fails)).toEqual({ allow: false, removed: [ID] });
});
