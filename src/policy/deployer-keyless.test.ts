/** A client without a certificate owns nothing: the role deployer refuses it, and asks the engine nothing. */
import { expect, test } from "vitest";
import { askRole, untouchedEngine } from "../../test/support/policy/ask-role.ts";
import { emptyEngine } from "../../test/support/policy/engine.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { compileRole, defaultRole } from "./index.ts";
import { isOwn } from "./roles/rules/deployer/own.ts";

const { ask } = askRole(compileRole(defaultRole("deployer")), untouchedEngine);

test.each<[string, unknown]>([
  ["POST /containers/create", {}],
  ["GET /containers/json", null],
  ["POST /containers/prune", null],
  ["POST /containers/web/start", null],
  ["GET /containers/web/json", null],
  ["DELETE /containers/web", null],
  ["POST /containers/web/exec", { Cmd: ["sh"] }],
  [`POST /exec/${"e".repeat(64)}/start`, {}],
  ["GET /containers/web/top", null],
  ["GET /events", null],
  ["POST /volumes/create", { Name: "new" }],
  ["GET /volumes", null],
  ["GET /volumes/mine", null],
  ["DELETE /volumes/mine", null],
  ["POST /volumes/prune", null],
  ["POST /networks/create", { Name: "new" }],
  ["GET /networks", null],
  ["GET /networks/back", null],
  ["DELETE /networks/back", null],
  ["POST /networks/back/connect", { Container: "web" }],
  ["POST /networks/back/disconnect", { Container: "web" }],
  ["POST /networks/prune", null],
])("%s", async (line, body) => {
  expect(await ask(line, body ?? "", { owner: null })).toMatchObject({
    ...{ allow: false, rule: expect.stringMatching(/:owner$/) },
    reason: expect.stringContaining("a client without a certificate cannot own containers; connect with one"),
  });
});

test("a label of no value is nobody's, and not that of a client without a key", () => {
  for (const labels of [{ [OWNER_LABEL]: null }, {}, null, undefined]) {
    expect(isOwn(labels, null)).toBe(false);
    expect(isOwn(labels, "a")).toBe(false);
  }
  expect(isOwn({ [OWNER_LABEL]: "a" }, "a")).toBe(true);
});

test("containers are not pruned while an image has the owner's label", async () => {
  const asked: string[] = [];
  const engine = (has: boolean) => ({
    ...emptyEngine,
    hasImageWith: async (label: string) => {
      asked.push(label);
      return has;
    },
  });
  expect(await ask("POST /containers/prune", "", { owner: "a", engine: engine(true) })).toMatchObject({
    ...{ allow: false, rule: expect.stringMatching(/:owner$/) },
    reason: expect.stringContaining("use docker rm (check owner)"),
  });
  expect(await ask("POST /containers/prune", "", { owner: "a", engine: engine(false) })).toMatchObject({
    allow: true,
  });
  expect(asked).toEqual([`${OWNER_LABEL}=a`, `${OWNER_LABEL}=a`]);
});
