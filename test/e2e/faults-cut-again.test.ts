/** After a cut the user does not wait for the host's own undo, but types `up` again at once. */
import { expect, test } from "vitest";
import { makeCutStage } from "../support/cut-stage.ts";
import { cutBy } from "../support/cuts.ts";
import type { Flavour } from "../support/host.ts";

const cases: readonly (readonly [Flavour, keyof typeof cutBy])[] = [
  ["debian", "laptop"],
  ["coreos", "ssh"],
];

test.concurrent.for(cases)(
  "on %s, after each step cut by the end of %s, the next up succeeds",
  async ([flavour, what]) => {
    await using stage = await makeCutStage({ flavour });
    const count = await stage.countCuts();
    for (let at = 1; at <= count; at += 1) {
      const { label } = await stage.cutUp({ at, act: cutBy[what] });
      const said = await stage.expectUp(label);
      expect(said.includes("nothing to do"), `${label}\n${said}`).toBe(at === count);
      await stage.expectDown(label);
    }
  },
);
