import { expect, test } from "vitest";
import { allowsColour } from "./style.ts";

test.for([
  [true, {}, true],
  [false, {}, false],
  [true, { TERM: "dumb" }, false],
  [true, { NO_COLOR: "1" }, false],
  [true, { NO_COLOR: "" }, true],
  [false, { FORCE_COLOR: "1" }, true],
  [false, { FORCE_COLOR: "3", TERM: "dumb" }, true],
  [false, { FORCE_COLOR: "" }, false],
  [true, { FORCE_COLOR: "0" }, false],
  [true, { FORCE_COLOR: "false" }, false],
  [true, { FORCE_COLOR: "1", NO_COLOR: "1" }, false],
] as const)("terminal: %s, %j: %s", ([isTerminal, env, expected]) => {
  expect(allowsColour(isTerminal, env)).toBe(expected);
});
