/** What each kind of mark shows, also of values with an unexpected type. */
import { describe, expect, test } from "vitest";
import { answers } from "./index.ts";
import {
  blanked,
  dropped,
  fields,
  list,
  map,
  namedOnly,
  onTexts,
  plainMap,
  shown,
  showPlain,
  showType,
} from "./mark.ts";

const NUMBER = (JSON as unknown as { rawJSON: (text: string) => unknown }).rawJSON("12345678901234567890");
const ODD = {
  text: "secret",
  number: 7,
  flag: true,
  none: null,
  list: ["secret", { a: "secret" }],
  map: { a: "secret" },
};

test("only events and stats are answered line by line", () => {
  const lines = [...answers].filter(([, { lines: isLines }]) => isLines).map(([name]) => name);
  expect(lines).toEqual(["SystemEvents", "ContainerStats"]);
});

describe("showPlain", () => {
  test.each([
    ["a", "a"],
    [7, 7],
    [true, true],
    [null, null],
    [NUMBER, NUMBER],
    [
      ["a", 7, ["b"]],
      ["a", 7, ["b"]],
    ],
    [
      ["a", { b: "c" }, [{ d: "e" }]],
      ["a", []],
    ],
    [{ a: "b" }, undefined],
  ])("%j becomes %j", (before, after) => {
    expect(showPlain(before)).toEqual(after);
  });
});

describe("showType", () => {
  test.each([
    ["a", "***"],
    ["", ""],
    [7, 0],
    [NUMBER, 0],
    [true, false],
    [null, null],
    [undefined, undefined],
    [
      ["a", 7, { b: "c" }],
      ["***", 0, {}],
    ],
    [{ a: "b" }, {}],
  ])("%j becomes %j", (before, after) => {
    expect(showType(before)).toStrictEqual(after);
  });
});

test("onTexts() changes texts and lists of texts, and shows only the type of anything else", () => {
  const loud = onTexts((text) => text.toUpperCase());
  expect(["a", ["a", ["b"]], [7, { c: "d" }], 7, null, { e: "f" }].map(loud)).toEqual([
    ...["A", ["A", ["B"]], [0, {}], 0, null, {}],
  ]);
});

describe("an object", () => {
  const mark = fields({ ...shown("text list"), map: plainMap(), none: dropped("x"), number: blanked("x") });

  test("shows the listed fields, each by its mark", () => {
    expect(mark.show(ODD)).toStrictEqual({
      text: "secret",
      number: 0,
      list: ["secret"],
      map: { a: "secret" },
    });
  });

  test.each([[["text"]], ["text"], [7], [NUMBER], [true], [undefined]])(
    "%j in its place is left out",
    (value) => {
      expect(mark.show(value)).toBeUndefined();
    },
  );

  test("null is kept, also in place of a list or map", () => {
    expect([mark, list(mark), map(mark), plainMap()].map(({ show }) => show(null))).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe("a list, and a map", () => {
  const mark = fields(shown("a"));

  test("show each element, and leave out elements of another type", () => {
    const each = [{ a: 1, b: 2 }, "text", { a: 3 }];
    expect(list(mark).show(each)).toStrictEqual([{ a: 1 }, { a: 3 }]);
    expect(map(mark).show({ x: each[0], y: each[1], z: each[2] })).toStrictEqual({
      x: { a: 1 },
      z: { a: 3 },
    });
  });

  test("show nothing of a value of another type", () => {
    for (const other of ["a", 7, true, NUMBER]) {
      expect(list(mark).show(other)).toBeUndefined();
      expect(map(mark).show(other)).toBeUndefined();
    }
    expect(list(mark).show({ a: 1 })).toBeUndefined();
    expect(map(mark).show([{ a: 1 }])).toBeUndefined();
  });

  test("have the verdict and the reason of their elements", () => {
    for (const one of [list(blanked("why")), map(blanked("why"))])
      expect(one).toMatchObject({ verdict: "blanked", why: "why", fields: null });
    expect(list(mark).fields).toBe(mark.fields);
    expect(map(mark).fields).toBe(mark.fields);
    expect(dropped("why")).toMatchObject({ verdict: "dropped", why: "why" });
  });
});

test("a mark has the given verdict and reason; an object is shown in part", () => {
  expect(shown("a b")).toMatchObject({ a: { verdict: "shown", why: "" }, b: { verdict: "shown", why: "" } });
  expect(shown("a", "why")).toMatchObject({ a: { verdict: "shown", why: "why" } });
  expect(plainMap()).toMatchObject({ verdict: "shown", why: "" });
  expect(plainMap("why").why).toBe("why");
  expect(fields({})).toMatchObject({ verdict: "in part", why: "", fields: {} });
  expect(namedOnly(new Set(), "why")).toMatchObject({ verdict: "in part", why: "why" });
});

test("known names show plain values, others only their type", () => {
  const mark = namedOnly(new Set(["known", "deep"]), "why");
  const before = { known: "a", deep: { b: "c" }, other: "d", list: ["e"] };
  expect(mark.show(before)).toStrictEqual({ known: "a", other: "***", list: ["***"] });
  expect(mark.show([before, "f"])).toStrictEqual([{ known: "a", other: "***", list: ["***"] }, "***"]);
  expect([mark.show("a"), mark.show(null), mark.show(7)]).toEqual(["***", null, 0]);
});

test("__proto__ is an ordinary name", () => {
  const shownMap = map(fields(shown("a"))).show(JSON.parse('{"__proto__":{"a":1},"b":{"a":2}}'));
  expect(JSON.stringify(shownMap)).toBe('{"__proto__":{"a":1},"b":{"a":2}}');
  expect((shownMap as { a?: unknown }).a).toBeUndefined();
});
