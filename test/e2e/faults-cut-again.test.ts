/** After a cut the user does not wait for the host's own undo, but types `up` again at once. */
import { expect, test } from "vitest";
import { LONG_TIMEOUT, makeCutStage } from "../support/cut-stage.ts";
import { cutBy } from "../support/cuts.ts";
import type { Flavour } from "../support/host.ts";
import { sampleBy } from "../support/sample.ts";

const cases: readonly (readonly [Flavour, keyof typeof cutBy])[] = [
  ["debian", "laptop"],
  ["coreos", "ssh"],
];

test.concurrent.for(sampleBy("faults-cut-again", cases, 1))(
  "on %s, after each step cut by the end of %s, the next up succeeds",
  LONG_TIMEOUT,
  async ([flavour, what]) => {
    await using stage = await makeCutStage({ flavour });
    await stage.measure();
    for (let at = 1; at <= stage.count; at += 1) {
      // The default patience of two minutes: it is the next `up` that puts back, not the host's timer.
      const { label } = await stage.cutUp(at, cutBy[what], []);
      const said = await stage.expectUp(label);
      expect(said.includes("nothing to do"), `${label}\n${said}`).toBe(at === stage.count);
      await stage.expectDown(label);
    }
  },
);
