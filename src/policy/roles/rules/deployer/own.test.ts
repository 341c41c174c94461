import { expect, test } from "vitest";
import { findOperation } from "../../../../engine/index.ts";
import type { Asking } from "../../../asking.ts";
import { OWNER_LABEL } from "../../../body/model/index.ts";
import { compileRole, decide } from "../../../index.ts";

const ME = "a".repeat(64);
const ID = "1".repeat(64);
const deployer = compileRole({ name: "deployer", options: {} });

async function verdictOn(method: string, target: string, isPrivileged: boolean): Promise<string> {
  const call = findOperation(method, target) ?? expect.fail("calls nothing");
  const decision = decide(deployer, call);
  if (decision.allow !== null) return expect.fail("is not judged");
  const asking: Asking = {
    ...{ owner: ME, contentType: ["application/json"], contentEncoding: [], upgrade: "" },
    engine: {
      version: async () => "29.7.0",
      inspectContainer: async () => ({
        ...{ id: ID, image: "tiny", labels: { [OWNER_LABEL]: ME }, volumes: [] },
      }),
      inspectExec: async (id) => ({ id, containerId: ID, isPrivileged }),
      inspectImage: async () => ({}),
      inspectVolume: async () => null,
      inspectDriver: async () => null,
      createVolume: async () => null,
      inspectNetwork: async () => null,
      hasImageWith: async () => false,
    },
  };
  const verdict = await decision.judge(Buffer.from(method === "GET" ? "" : "{}"), call, asking);
  return verdict.allow ? "allowed" : verdict.reason;
}

test("an exec that an admin created with --privileged in a client's own container cannot be started by the client", async () => {
  const start = `/exec/${ID}/start`;
  expect(await verdictOn("POST", start, false)).toBe("allowed");
  expect(await verdictOn("POST", start, true)).toMatch(/the exec is privileged: .*\(check privileged\)/);
  expect(await verdictOn("GET", `/exec/${ID}/json`, true)).toBe("allowed");
});
