/** What a limit makes of a verdict that the role's rules have reached. */
import { describe, expect, test } from "vitest";
import { findOperation } from "../../engine/index.ts";
import type { Answer } from "../answers/index.ts";
import type { Asking } from "../asking.ts";
import type { Verdict } from "../decision.ts";
import type { Asked, Mode } from "./limits/index.ts";
import { type Checked, narrow } from "./narrow.ts";

const call = findOperation("POST", "/containers/create?name=a%20b") ?? expect.fail("no operation");
const asking = {} as Asking;
const permitted = (over: object = {}): Verdict =>
  ({ ...{ allow: true, rule: "base", answer: null, body: Buffer.alloc(0) }, ...over }) as Verdict;

/** @param limits each fails in its mode */
async function limited(before: Verdict | Promise<Verdict>, ...limits: readonly Mode[]) {
  const asked: Asked[] = [];
  const checked = limits.map(
    (mode, at): Checked => ({
      ...{ limit: `l${at}`, mode },
      check: (one) => {
        asked.push(one);
        return `${mode} fails`;
      },
    }),
  );
  const judge = { allow: null, maxBytes: 5, byBody: true, judge: () => before };
  const narrowed = narrow("web-team", call.operation, judge, checked);
  expect(narrowed).toMatchObject({ allow: null, maxBytes: 5 });
  return { verdict: await narrowed.judge(Buffer.alloc(0), call, asking), asked };
}

async function answerOf(answer: Answer | null, mode: Mode = "warn"): Promise<Answer> {
  const { verdict } = await limited(permitted({ answer }), mode);
  return (verdict.allow && verdict.answer) || expect.fail("no answer");
}

test("without limits, and with limits that hold, the verdict stays", async () => {
  const before = permitted({ target: "/x", fields: [] });
  expect((await limited(before)).verdict).toBe(before);
  const holds = { limit: "l", mode: "enforce", check: () => null } as const;
  const judge = { allow: null, maxBytes: 5, byBody: true, judge: () => before };
  expect(narrow("r", call.operation, judge, [holds]).judge(Buffer.alloc(0), call, asking)).toEqual(before);
});

test("a refusal stays, and no limit is asked", async () => {
  const refused: Verdict = { allow: false, rule: "base", reason: "no" };
  for (const before of [refused, Promise.resolve(refused)])
    expect(await limited(before, "enforce")).toEqual({ verdict: refused, asked: [] });
});

describe("a limit sees", () => {
  test("the fields of the body that the engine gets; of another body, none", async () => {
    for (const [body, fields] of [
      ['{"Image":"a"}', [["Image", "a"]]],
      ["", []],
      ["[1]", []],
    ] as const) {
      const { asked } = await limited(Promise.resolve(permitted({ body: Buffer.from(body) })), "audit");
      expect(asked.map((one) => [...one.fields])).toEqual([fields]);
    }
  });

  test("the query that the engine gets: the judge's, else the caller's", async () => {
    const queryOf = async (over: object) =>
      (await limited(permitted(over), "audit")).asked.map(({ query }) => [...query]);
    expect(await queryOf({})).toEqual([[["name", "a b"]]]);
    expect(await queryOf({ target: "/x?name=c?d&e=\n" })).toEqual([
      [
        ["name", "c?d"],
        ["e", "\n"],
      ],
    ]);
    expect(await queryOf({ target: "/x" })).toEqual([[]]);
  });
});

test("what fails goes to the rule, in the order of the limits; all that are enforced are told at once", async () => {
  const { verdict } = await limited(permitted(), "audit", "warn", "audit");
  expect(verdict).toMatchObject({ allow: true, rule: "base audit:l0 warn:l1 audit:l2" });
  expect((await limited(permitted(), "audit", "enforce", "enforce")).verdict).toEqual({
    ...{ allow: false, rule: "role-limit:l1" },
    reason:
      "the role web-team may not call ContainerCreate: enforce fails (limit l1); enforce fails (limit l2)",
  });
});

describe("the answer of a create", () => {
  const mine = "tetherdock: the role web-team: warn fails (limit l0)";

  test("gets the warning behind those that it has, and stays as it is otherwise", async () => {
    const { mark, lines } = await answerOf(null);
    expect([lines, mark.verdict, mark.fields]).toEqual([false, "in part", null]);
    expect(mark.show({ Id: "1", Warnings: ["slow"] })).toEqual({ Id: "1", Warnings: ["slow", mine] });
    for (const Warnings of [null, undefined, "slow"])
      expect(mark.show({ Id: "1", Warnings })).toEqual({ Id: "1", Warnings: [mine] });
    for (const odd of [null, "text", 7]) expect(mark.show(odd)).toBe(odd);
  });

  test("is first what the role's rules show of it", async () => {
    const show = (value: unknown) => ({ Id: (value as { Id: string }).Id });
    const shown = { mark: { verdict: "in part", why: "x", show, fields: null }, lines: false } as Answer;
    const { mark } = await answerOf(shown);
    expect(mark.show({ Id: "1", Secret: "x", Warnings: ["slow"] })).toEqual({ Id: "1", Warnings: [mine] });
  });

  test("is not touched by limits that only audit, nor by other operations", async () => {
    expect((await limited(permitted(), "audit")).verdict).toMatchObject({ answer: null });
    const pull = findOperation("POST", "/images/create") ?? expect.fail("no operation");
    const judge = { allow: null, maxBytes: 5, byBody: true, judge: () => permitted() };
    const failing = { limit: "l", mode: "warn", check: () => "fails" } as const;
    const verdict = narrow("r", pull.operation, judge, [failing]).judge(Buffer.alloc(0), pull, asking);
    expect(verdict).toMatchObject({ rule: "base warn:l", answer: null });
  });
});
