/** What a call of a build takes in the engine's memory, which counts for its client. */
import { describe, expect, test } from "vitest";
import { emptyEngine, ME } from "../../../test/support/policy/engine.ts";
import { judgeGrpc } from "./calls.ts";
import { CONTROL_SOLVE, ONLY_REF } from "./messages.ts";
import { type Message, write } from "./wire.ts";

const CONTROL = "moby.buildkit.v1.Control";
const BRIDGE = "moby.buildkit.v1.frontend.LLBBridge";

const solve = (...attributes: [string, string][]): Message => ({
  ...{ Ref: "ref", Session: "session", Frontend: "dockerfile.v0", Cache: {} },
  FrontendAttrs: new Map(attributes),
});

describe("what Docker keeps of a call", () => {
  const SOLVE = `${CONTROL}/Solve`;
  const keeps = async (method: string, message: Uint8Array, may: boolean) => {
    const kept: number[] = [];
    const mayKeep = (bytes: number) => {
      kept.push(bytes);
      return may;
    };
    const verdict = await judgeGrpc({ method, message, buildId: "ref" }, ME, emptyEngine, mayKeep);
    return { kept, verdict };
  };

  test("counts its message twice, as the engine gets it, and its structures", async () => {
    const large = write(solve(["label:a", "b".repeat(1_000)]), CONTROL_SOLVE);
    const small = write(solve(["label:a", "b"]), CONTROL_SOLVE);
    const [[most = 0], [least = 0]] = [
      (await keeps(SOLVE, large, true)).kept,
      (await keeps(SOLVE, small, true)).kept,
    ];
    expect(least).toBeGreaterThan(40 * 1024);
    // Two bytes of lengths beside the text.
    expect(most - least).toBeGreaterThanOrEqual(2 * 999);
    expect(most - least).toBeLessThan(2 * 1_010);
    expect((await keeps(`${CONTROL}/Status`, write({ Ref: "ref" }, ONLY_REF), true)).kept).toHaveLength(1);
  });

  test("refuses it when that is too much", async () => {
    const { verdict } = await keeps(SOLVE, write(solve(), CONTROL_SOLVE), false);
    expect(verdict).toMatchObject({ check: "kept", refuse: expect.stringContaining("keptBytes") });
  });

  test("a refused call keeps nothing", async () => {
    const { kept } = await keeps(SOLVE, write({ ...solve(), Frontend: "gateway.v0" }, CONTROL_SOLVE), true);
    expect(kept).toEqual([]);
  });
});

test("a list of a folder that the build has made takes the engine's memory without a bound, and is refused", async () => {
  const message = write({ Ref: "ref" }, ONLY_REF);
  for (const method of ["ReadDir", "ReadFile"])
    expect(
      await judgeGrpc(
        { method: `${BRIDGE}/${method}`, message, buildId: "ref" },
        ME,
        emptyEngine,
        () => true,
      ),
    ).toMatchObject({ check: "method" });
});
