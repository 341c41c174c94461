/** The role deployer's judges: what each adds, and by which check it refuses. */
import { describe, expect, test } from "vitest";
import { askRole, untouchedEngine } from "../../test/support/policy/ask-role.ts";
import { containerOf, emptyEngine, ME } from "../../test/support/policy/engine.ts";
import { findOperation } from "../engine/index.ts";
import { OWNER_LABEL } from "./body/model/index.ts";
import { type Asking, compileRole, decide, defaultRole, type EngineLookup } from "./index.ts";

const MINE = "1".repeat(64);
const LOST_EXEC = "8".repeat(64);

const engine: EngineLookup = {
  ...emptyEngine,
  inspectContainer: async (ref) =>
    ["mine", "gone", "labelled"].includes(ref) ? containerOf(ME, { image: ref }) : null,
  inspectImage: async (image) => {
    if (image === "gone") return null;
    return image === "labelled" ? { [OWNER_LABEL]: "x" } : {};
  },
  inspectExec: async (id) => (id === LOST_EXEC ? { id, containerId: "removed", isPrivileged: false } : null),
};
const deployer = compileRole(defaultRole("deployer"));
const { ask } = askRole(deployer, engine);

describe("the rule of a refusal ends with its check", () => {
  test.each<[string, string, Partial<Asking>, string]>([
    ["POST /containers/create", "{}", { owner: null }, "deployer-create:owner"],
    ["POST /containers/create", "{}", { contentType: [] }, "deployer-create:contentType"],
    ["POST /containers/create", "{}", { contentEncoding: ["gzip"] }, "deployer-create:encoding"],
    ["POST /containers/create", '{"A":1}', {}, "deployer-create:unknownField"],
    ["POST /containers/create", "{", {}, "deployer-create:json"],
    ["POST /containers/create?a=1", "{}", {}, "deployer-create:query"],
    ["POST /containers/create?name=-", "{}", {}, "deployer-create:name"],
    ["GET /containers/json", "", { owner: null }, "deployer-list:owner"],
    ["GET /containers/json?limit=x", "", {}, "deployer-list:query"],
    ["GET /containers/json?limit=1.5", "", {}, "deployer-list:query"],
    ["GET /containers/json?limit=1e400", "", {}, "deployer-list:query"],
    ["GET /containers/json?filters=x", "", {}, "deployer-list:filters"],
    ["POST /images/create", "", {}, "deployer-pull:pull"],
    ["POST /images/create?tag=x", "", {}, "deployer-pull:pull"],
    ["POST /images/create?fromImage=", "", {}, "deployer-pull:pull"],
    ["POST /images/create?fromImage=a", "tar", {}, "deployer-pull:body"],
    ["POST /containers/mine/stop", "", { owner: null }, "deployer-own:owner"],
    ["POST /containers/mine/stop", "{}{}", {}, "deployer-own:body"],
    ["POST /containers/mine/stop", "x{}", {}, "deployer-own:body"],
    ["POST /containers/mine/stop", '{"a":1}', {}, "deployer-own:body"],
    ["POST /containers/mine/stop", "", { upgrade: "h2c" }, "deployer-own:upgrade"],
    ["POST /containers/gone/stop", "", {}, "deployer-own:owner"],
    ["POST /containers/labelled/stop", "", {}, "deployer-own:owner"],
    ["POST /containers/mine/exec", "{}", { owner: null }, "deployer-exec:owner"],
    ["POST /containers/mine/exec", '{"Privileged":true}', {}, "deployer-exec:privileged"],
  ])("%s %s: %j", async (line, body, over, rule) => {
    const verdict = await ask(line, body, over);
    expect(verdict).toMatchObject({ allow: false, rule });
    expect(verdict.allow === false && verdict.reason).toMatch(
      /^the role deployer may not call \w+: \S.+\(check \w+\)$/,
    );
  });
});

describe("what is no name or ID is not looked up", () => {
  test.each([
    ...["/containers/-a/json", "/containers/a%2Fjson/json"],
    ...["/containers/_a/json", "/containers/a%20b/json", `/exec/${"8".repeat(63)}/json`],
    ...[`/exec/${"8".repeat(65)}/json`, `/exec/${"8".repeat(63)}g/json`, `/exec/${"8".repeat(63)}A/json`],
    ...["/exec/mine/json", `/exec/x${"8".repeat(64)}/json`],
  ])("%s", async (target) => {
    expect(await ask(`GET ${target}`, "", { engine: untouchedEngine })).toMatchObject({
      allow: false,
      status: 404,
    });
  });
});

test("an exec whose container has been removed is missing", async () => {
  expect(await ask(`GET /exec/${LOST_EXEC}/json`)).toMatchObject({
    ...{ allow: false, status: 404, reason: `No such exec instance: ${LOST_EXEC}` },
  });
});

test.each([
  ["POST /images/create?fromImage=alpine&tag=3.21", "/images/create?fromImage=alpine&tag=3.21"],
  ["POST /v1.41/images/create?fromImage=alpine", "/v1.41/images/create?fromImage=alpine"],
  ["POST /containers/mine/stop?t=5", `/containers/${MINE}/stop?t=5`],
])("%s is allowed as %s", async (line, target) => {
  expect(await ask(line)).toMatchObject({ allow: true, target });
});

describe("a list of containers", () => {
  const OWN = encodeURIComponent(`{"label":{"${OWNER_LABEL}=${ME}":true}}`);

  test.each([
    ["", ""],
    ["?limit=0", ""],
    ["?limit=-1", ""],
    ["?limit=2", "&all=1"],
    ["?all=0&limit=2", "&all=1"],
    ["?all=1", "&all=1"],
    ["?all=0", "&all=0"],
  ])("asks the engine for all if it has a limit: %s", async (query, more) => {
    const verdict = await ask(`GET /containers/json${query}`);
    const target = new URL(verdict.allow === true ? (verdict.target ?? "") : "", "http://engine");
    const sent = `filters=${encodeURIComponent(target.searchParams.get("filters") ?? "")}`;
    const all = target.searchParams.get("all");
    expect(`${sent}${all === null ? "" : `&all=${all}`}`).toBe(`filters=${OWN}${more}`);
    expect(target.searchParams.has("limit")).toBe(false);
  });

  test("is an answer in one piece, with at most as many as asked", async () => {
    const mine = [1, 2, 3].map((Id) => ({ Id, Labels: { [OWNER_LABEL]: ME } }));
    const shown = async (query: string) => {
      const verdict = await ask(`GET /containers/json${query}`);
      const { answer } = verdict.allow ? verdict : expect.fail(verdict.reason);
      expect(answer).toMatchObject({ lines: false, mark: { verdict: "in part", fields: null } });
      return answer?.mark.show(mine);
    };
    expect(await shown("?limit=2")).toEqual(mine.slice(0, 2));
    expect(await shown("?limit=-1")).toEqual(mine);
    expect(await shown("")).toEqual(mine);
  });
});

test("the rules by which operations are read and refused", () => {
  const ruleOf = (line: string): string => {
    const [method = "", target = ""] = line.split(" ");
    const decision = decide(deployer, findOperation(method, target));
    return decision.allow === null ? "judged" : `${decision.allow} ${decision.rule}`;
  };
  for (const path of ["/_ping", "/version", "/info", "/images/json", "/images/a/json"])
    expect(ruleOf(`GET ${path}`)).toBe("true deployer-read");
  for (const line of ["POST /swarm/init", "GET /secrets"]) expect(ruleOf(line)).toBe("false deployer-closed");
  expect(ruleOf("GET /debug/pprof/heap")).toBe("false deployer-unknown");
  expect(decide(deployer, findOperation("GET", "/nothing"))).toMatchObject({
    reason: expect.stringMatching(/^not an operation .+ deployer may do nothing else$/),
  });
});

test("labels of the create are kept beside the owner's", async () => {
  for (const [body, labels] of [
    ["{}", {}],
    ['{"Labels":null}', {}],
    ['{"Labels":{"a":"b"}}', { a: "b" }],
  ] as const) {
    const verdict = await ask("POST /containers/create", body);
    expect(verdict.allow && JSON.parse(verdict.body.toString())).toEqual({
      Labels: { ...labels, [OWNER_LABEL]: ME },
    });
  }
});
