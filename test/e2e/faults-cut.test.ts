/**
 * The ssh connection breaks, or the laptop dies, right after each single step of `up`, and nobody comes back: the host
 * helps itself. Each way on one flavour here; faults-cut-again has them the other way round.
 */
import { expect, test } from "vitest";
import { CONFIRM_WITHIN_MS, makeCutStage, UNDO_MS } from "../support/cut-stage.ts";
import { cutBy, returnsTo } from "../support/cuts.ts";
import type { Flavour } from "../support/host.ts";

const cases: readonly (readonly [Flavour, keyof typeof cutBy])[] = [
  ["debian", "ssh"],
  ["coreos", "laptop"],
];

/** A laptop that lives says what became of the host, as far as it can know, and shows nothing of its own machinery. */
function expectTold(stderr: string, at: number, count: number) {
  expect(stderr).toMatch(/error: the connection to \S+ was lost\n/);
  expect(stderr).not.toMatch(/tetherdock-[0-9a-f]{8}/);
  if (at === count)
    expect(stderr).toContain("the host has confirmed the change, or puts itself back within 6 s");
  else if (at > 2) expect(stderr).toContain("the host puts itself back within 6 s");
}

test.concurrent.for(cases)(
  "on %s, after each step, the end of %s: as before or confirmed",
  async ([flavour, what]) => {
    await using stage = await makeCutStage({ flavour });
    const count = await stage.countCuts();
    expect(count).toBeGreaterThan(6);
    for (let at = 1; at <= count; at += 1) {
      const { label, stderr } = await stage.cutUp({ at, act: cutBy[what] });
      if (what === "ssh") expectTold(stderr, at, count);
      const returned = await returnsTo(stage.host, stage.before, CONFIRM_WITHIN_MS + UNDO_MS);
      // The answer to "confirm" is the last: from there on it stays, whether the laptop heard it or not.
      expect(returned, `as before, ${label}`).toBe(at < count);
      const said = await stage.expectUp(label);
      expect(said.includes("nothing to do"), label).toBe(at === count);
      await stage.expectDown(label);
    }
  },
);
