/** Cuts where sockets of systemd are changed too: the host of the first pitfall, open to everybody before. */
import { expect, test } from "vitest";
import { LONG_TIMEOUT, makeCutStage } from "../support/cut-stage.ts";
import { cutBy, returnsTo } from "../support/cuts.ts";
import { getVersion } from "../support/exposure.ts";
import type { Flavour } from "../support/host.ts";
import { sampleBy } from "../support/sample.ts";

const flavours: readonly Flavour[] = ["debian", "coreos"];
const CONNECTION_REFUSED = 7; // curl

test.concurrent.for(sampleBy("faults-cut-pitfall", flavours, 1))(
  "pitfall-1 on %s: open as before, or closed",
  LONG_TIMEOUT,
  async (flavour) => {
    await using stage = await makeCutStage({ flavour, state: "pitfall-1", downFlags: ["--reopen"] });
    const { host, before } = stage;
    const open = async () => (await getVersion(`http://${host.ip}:2375`)).status;
    expect(await open()).toBe(0);
    await stage.measure();
    const { count } = stage;
    // docker-tcp.socket removed; docker restarted.
    for (const [at, act] of [
      [count - 2, cutBy.ssh],
      [count - 1, cutBy.laptop],
    ] as const) {
      const { label } = await stage.cutUp(at, act);
      expect(await returnsTo(host, before, stage.settledWithinMs), `as before, ${label}`).toBe(true);
      expect(await open(), label).toBe(0);
      await stage.expectUp(label);
      expect(await open(), label).toBe(CONNECTION_REFUSED);
      await stage.expectDown(label);
      expect(await open(), label).toBe(0);
    }
    const { label } = await stage.cutUp(count, cutBy.ssh);
    expect(await open(), label).toBe(CONNECTION_REFUSED);
    expect(await stage.expectUp(label)).toContain("nothing to do");
    await stage.expectDown(label);
  },
);
