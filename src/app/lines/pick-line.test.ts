/** Which line a command uses, and the default that `use` sets. */
import { describe, expect, test } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { chooseDefault, pickLine } from "./pick-line.ts";

function stage(names: readonly string[], preferred?: string, variable?: string) {
  const set: (string | undefined)[] = [];
  const lines = {
    list: async () => [...names],
    preferred: async () => preferred,
    prefer: async (name: string | undefined) => {
      set.push(name);
    },
  };
  return { set, ports: { lines, env: { TETHERDOCK_LINE: variable } } };
}

describe("the selected line", () => {
  const picked = (argument: string | undefined, ...rest: Parameters<typeof stage>) =>
    pickLine(stage(...rest).ports, argument);
  test("is the argument, else $TETHERDOCK_LINE, else the default, else the only line", async () => {
    expect(await picked("a", ["a", "b", "c"], "b", "c")).toBe("a");
    expect(await picked(undefined, ["a", "b", "c"], "b", "c")).toBe("c");
    expect(await picked(undefined, ["a", "b"], "b", "")).toBe("b");
    expect(await picked(undefined, ["a"])).toBe("a");
  });
  test("has an error code each for no line, several lines and an unknown line", async () => {
    expect((await failureOf(picked(undefined, []))).code).toBe("LINE_NONE");
    expect((await failureOf(picked(undefined, ["a", "b"]))).code).toBe("LINE_AMBIGUOUS");
    expect((await failureOf(picked(undefined, ["a"], "gone"))).code).toBe("LINE_UNKNOWN");
  });
});

describe("the default line", () => {
  test("is set to an existing line, and cleared", async () => {
    const { set, ports } = stage(["a", "b"]);
    await chooseDefault(ports.lines, "b");
    await chooseDefault(ports.lines, undefined);
    expect(set).toEqual(["b", undefined]);
  });
  test("is not set to an unknown line, whatever the environment says", async () => {
    const { set, ports } = stage(["a"], "a", "a");
    expect((await failureOf(chooseDefault(ports.lines, "gone"))).code).toBe("LINE_UNKNOWN");
    expect(set).toEqual([]);
  });
});
