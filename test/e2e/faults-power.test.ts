/** The power fails midway, also while the host puts itself back: what boots is as before, and docker runs. */
import { expect, test } from "vitest";
import { type CutStage, LONG_TIMEOUT, makeCutStage } from "../support/cut-stage.ts";
import { cutAt, cutBy, returnsTo } from "../support/cuts.ts";
import type { Flavour } from "../support/host.ts";
import { powerCutAt } from "../support/power-cut.ts";
import { sampleBy } from "../support/sample.ts";

const flavours: readonly Flavour[] = ["debian", "coreos"];
/** As soon as it has booted, with room for a slow look. */
const AT_ONCE_MS = 5_000;

async function expectRepaired(stage: CutStage, label: string) {
  expect(await returnsTo(stage.host, stage.before, AT_ONCE_MS), `as before, ${label}`).toBe(true);
  await stage.expectUp(label);
  await stage.expectDown(label);
}

test.concurrent.for(sampleBy("faults-power", flavours, 1))(
  "on %s: while docker restarts, and while the undo runs",
  LONG_TIMEOUT,
  async (flavour) => {
    await using stage = await makeCutStage({ flavour });
    await stage.measure();
    const { host, laptop } = stage;

    const up = laptop.tetherdock([...stage.up, "--confirm-within=10m"]);
    await powerCutAt(host, "test -e /var/lib/tetherdock/0001/restarting");
    expect((await up).status).not.toBe(0);
    await expectRepaired(stage, "after a power cut while docker restarted");

    const env = cutAt(stage.count - 1, cutBy.laptop);
    const cut = laptop.tetherdock([...stage.up, stage.within], { env });
    await powerCutAt(host, "test -e /var/lib/tetherdock/0001/undoing");
    await cut;
    await expectRepaired(stage, "after a power cut while the host put itself back");
  },
);
