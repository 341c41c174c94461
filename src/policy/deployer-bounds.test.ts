/** How many volumes and networks one call of a deployer may name: each costs the engine a call. */
import { describe, expect, test } from "vitest";
import { findOperation } from "../engine/index.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { type Asking, compileRole, decide, type EngineLookup, type Verdict } from "./index.ts";

const ME = "a".repeat(64);
const MINE = "1".repeat(64);
const deployer = compileRole({ name: "deployer", options: {} });
const names = (count: number) => Array.from({ length: count }, (_, at) => `vol${at}`);

/** @param volumes of the container `mine` @param theirs a volume of somebody else */
async function ask(
  line: string,
  body: object | "",
  volumes: readonly string[] = [],
  theirs = "",
): Promise<Verdict> {
  const labels = { [OWNER_LABEL]: ME };
  const engine = {
    inspectContainer: async () => ({ id: MINE, image: "tiny", labels, volumes }),
    inspectImage: async () => ({}),
    inspectVolume: async (name: string) => (name === theirs ? {} : labels),
  } as unknown as EngineLookup;
  const asking: Asking = {
    ...{ owner: ME, contentType: ["application/json"], contentEncoding: [], upgrade: "", engine },
  };
  const [method = "", target = ""] = line.split(" ");
  const call = findOperation(method, target) ?? expect.fail(line);
  const decision = decide(deployer, call);
  if (decision.allow !== null) return expect.fail(`${line} is not judged`);
  return decision.judge(Buffer.from(body === "" ? "" : JSON.stringify(body)), call, asking);
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
