/** The host reboots midway, in good order: what boots is as before or confirmed, and docker runs. */
import { expect, test } from "vitest";
import { LONG_TIMEOUT, makeCutStage } from "../support/cut-stage.ts";
import { cutByReboot, returnsTo } from "../support/cuts.ts";
import type { Flavour } from "../support/host.ts";
import { sampleBy } from "../support/sample.ts";

const flavours: readonly Flavour[] = ["debian", "coreos"];
/** As soon as it has booted, with room for a slow look. */
const AT_ONCE_MS = 5_000;

test.concurrent.for(sampleBy("faults-reboot", flavours, 1))(
  "on %s: a clean reboot after a step",
  LONG_TIMEOUT,
  async (flavour) => {
    await using stage = await makeCutStage({ flavour });
    await stage.measure();
    const { host, before, count } = stage;
    // Armed; the last file written; docker restarted; confirmed.
    for (const at of [2, count - 2, count - 1, count]) {
      // So long that no timer helps within the test.
      const { label } = await stage.cutUp(at, cutByReboot(host), ["--confirm-within=10m"]);
      expect(await returnsTo(host, before, AT_ONCE_MS), `as before, ${label}`).toBe(at < count);
      const said = await stage.expectUp(label);
      expect(said.includes("nothing to do"), label).toBe(at === count);
      await stage.expectDown(label);
    }
  },
);
