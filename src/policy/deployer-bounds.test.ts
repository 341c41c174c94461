/** How many volumes and networks one call of a deployer may name: each costs the engine a call. */
import { describe, expect, test } from "vitest";
import { askRole } from "../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME } from "../../test/support/policy/engine.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { compileRole, defaultRole, type EngineLookup } from "./index.ts";

const deployer = compileRole(defaultRole("deployer"));
const names = (count: number) => Array.from({ length: count }, (_, at) => `vol${at}`);

/** @param volumes of the container `mine` @param theirs a volume of somebody else */
function ask(line: string, body: object | "", volumes: readonly string[] = [], theirs = "") {
  const engine: EngineLookup = {
    ...emptyEngine,
    inspectContainer: async () => containerOf(ME, { volumes }),
    inspectImage: async () => ({}),
    inspectVolume: async (name) => (name === theirs ? {} : { [OWNER_LABEL]: ME }),
  };
  return askRole(deployer, engine).ask(line, body);
}

const MANY = { allow: false, reason: expect.stringContaining("it names 33 volumes; use at most 32") };

describe("volumes", () => {
  test("a create names at most 32", async () => {
    const create = (count: number) =>
      ask("POST /containers/create", {
        HostConfig: { Binds: names(count).map((name) => `${name}:/${name}`) },
      });
    expect(await create(32)).toMatchObject({ allow: true });
    expect(await create(33)).toMatchObject(MANY);
  });

  test("a container with more is not started, because each has to be checked", async () => {
    for (const line of ["POST /containers/mine/start", "POST /containers/mine/restart"]) {
      expect(await ask(line, "", names(32))).toMatchObject({ allow: true });
      expect(await ask(line, "", names(32), "vol31")).toMatchObject({
        ...{ allow: false, reason: expect.stringContaining("its volume vol31 is not yours") },
      });
      expect(await ask(line, "", names(33))).toMatchObject(MANY);
      expect(await ask(line, "", names(40), "vol39")).toMatchObject({ allow: false });
    }
  });
});
