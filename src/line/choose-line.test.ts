import { expect, test } from "vitest";
import { chooseLine, type LineChoice } from "./choose-line.ts";

const choose = (choice: Partial<LineChoice>): string =>
  chooseLine({ argument: undefined, variable: undefined, preferred: undefined, names: [], ...choice });

test("the argument overrides $TETHERDOCK_LINE, which overrides the default line, then the only line", () => {
  const names = ["a", "b"];
  expect(choose({ variable: "b", preferred: "a", names })).toBe("b");
  expect(choose({ preferred: "b", names })).toBe("b");
  expect(() => choose({ preferred: "gone", names: ["a"] })).toThrow(
    /"gone" \(the default set by tetherdock use\)/,
  );
  expect(choose({ argument: "a", variable: "b", names })).toBe("a");
  expect(choose({ variable: "b", names })).toBe("b");
  expect(choose({ variable: "", names: ["c"] })).toBe("c");
});

test("no line: says how to make one", () => {
  expect(() => choose({})).toThrow(
    expect.objectContaining({
      code: "LINE_NONE",
      hints: ["tetherdock up user@host", expect.stringMatching(/^tetherdock join /)],
    }),
  );
});

test("several lines: names them", () => {
  expect(() => choose({ names: ["a", "b"] })).toThrow(
    expect.objectContaining({ code: "LINE_AMBIGUOUS", why: ["the lines on this machine: a, b"] }),
  );
});

test("unknown: the nearest names, and where the wrong name came from", () => {
  const names = ["build", "prod"];
  expect(() => choose({ argument: "biuld", names })).toThrow(
    expect.objectContaining({
      code: "LINE_UNKNOWN",
      why: ["did you mean build?", "the lines on this machine: build, prod"],
      hints: ["tetherdock ls"],
    }),
  );
  expect(() => choose({ variable: "x", names })).toThrow(/\$TETHERDOCK_LINE/);
  // A typed name is never replaced by the only line.
  expect(() => choose({ argument: "x", names: ["vps"] })).toThrow(
    expect.objectContaining({ hints: ["tetherdock ls"] }),
  );
});
