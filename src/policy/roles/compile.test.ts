import { describe, expect, test } from "vitest";
import { findOperation, operations } from "../../engine/index.ts";
import type { Asking } from "../asking.ts";
import type { Decision, Judge, Verdict } from "../decision.ts";
import { compileRules } from "./compile.ts";
import type { AllowRule, JudgeRule, RefuseRule, RoleRules, Rule } from "./rule.ts";

const create = findOperation("POST", "/containers/create");
const call = create ?? expect.fail("ContainerCreate is not known");

const covers: Rule["covers"] = ({ name }) => name === "ContainerCreate";
const allow: AllowRule = { id: "some-allow", covers, allow: () => null };
const refuse: RefuseRule = { id: "some-refuse", covers, refuse: () => "not here" };
const judge = (id: string, change: (text: string) => string | null, maxBytes = 64): JudgeRule => ({
  ...{ id, covers, maxBytes, byBody: true },
  judge: (body) => {
    const text = change(body.toString());
    return text === null ? { refuse: `${id} says no` } : { body: Buffer.from(text) };
  },
});

function role(...rules: Rule[]): RoleRules {
  return {
    rules,
    otherwise: { id: "some-hidden", refuse: () => "no rule allows it" },
    unknown: { allow: false, rule: "some-unknown", reason: "" },
  };
}
const decided = (...rules: Rule[]): Decision | undefined =>
  compileRules("some", role(...rules)).decisions.get(call.operation);
const asking = {
  owner: null,
  contentType: [],
  contentEncoding: [],
  upgrade: "",
  engine: {},
} as unknown as Asking;
const judged = (body: string, ...rules: Rule[]) => {
  const { judge: ask } = decided(...rules) as Judge;
  const verdict = ask(Buffer.from(body), call, asking) as Verdict;
  return verdict.allow ? { rule: verdict.rule, body: verdict.body.toString() } : verdict;
};

describe("compileRules()", () => {
  test("without a rule nothing is allowed", () => {
    const { decisions, admin, unknown } = compileRules("some", role());
    expect(decisions.size).toBe(operations.length);
    for (const decision of decisions.values())
      expect(decision).toMatchObject({ allow: false, rule: "some-hidden" });
    expect([admin, unknown.allow]).toEqual([false, false]);
  });

  test("a rule decides only the operations that it covers", () => {
    const allowed = [...compileRules("some", role(allow)).decisions].filter(([, one]) => one.allow);
    expect(allowed).toEqual([[call.operation, { allow: true, rule: "some-allow", answer: null }]]);
  });

  test("a rule that refuses overrides all others, in any order", () => {
    const refused = {
      allow: false,
      rule: "some-refuse",
      reason: "the role some may not call ContainerCreate: not here",
    };
    const anybody = judge("some-judge", (text) => text);
    expect(decided(allow, refuse, anybody)).toEqual(refused);
    expect(decided(refuse, anybody, allow)).toEqual(refused);
  });

  test("of two rules that allow, the one with the complete answer applies; two different parts are an error", () => {
    const part = (id: string): AllowRule => ({
      ...{ id, covers },
      allow: () => ({ mark: { verdict: "shown", why: "", show: () => id, fields: null }, lines: false }),
    });
    expect(decided(part("a"), allow)).toMatchObject({ answer: null });
    expect(decided(part("a"))).toMatchObject({ rule: "a", answer: { lines: false } });
    expect(() => decided(part("a"), part("b"))).toThrow("ContainerCreate");
  });

  test("judges decide by the body, in order of their ids, up to the smallest limit", () => {
    const both = [judge("b-judge", (text) => `${text}b`, 10), judge("a-judge", (text) => `${text}a`, 20)];
    expect(decided(allow, ...both)).toMatchObject({ allow: null, maxBytes: 10 });
    expect(judged("x", allow, ...both)).toEqual({ rule: "a-judge b-judge", body: "xab" });
    expect(judged("x", ...both.toReversed())).toEqual({ rule: "a-judge b-judge", body: "xab" });
  });

  test("a judge that allows a call shows what the other rules show of the answer", () => {
    const answer = {
      mark: { verdict: "shown", why: "", show: () => "part", fields: null },
      lines: false,
    } as const;
    const part: AllowRule = { id: "part", covers, allow: () => answer };
    const anybody = judge("some-judge", (text) => text);
    const of = (...rules: Rule[]) => (decided(...rules) as Judge).judge(Buffer.alloc(0), call, asking);
    expect(of(part, anybody)).toMatchObject({ allow: true, answer });
    expect(of(anybody)).toMatchObject({ allow: true, answer: null });
  });

  test("if one judge refuses, the body is refused by its rule", () => {
    const no = judge("no-judge", () => null);
    expect(
      judged(
        "x",
        judge("a-judge", (text) => text),
        no,
      ),
    ).toEqual({
      allow: false,
      rule: "no-judge",
      reason: "the role some may not call ContainerCreate: no-judge says no",
    });
  });
});
