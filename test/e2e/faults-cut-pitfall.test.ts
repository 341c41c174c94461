/** Cuts where sockets of systemd are changed too: the host of the first pitfall, open to everybody before. */
import { expect, test } from "vitest";
import { CONFIRM_WITHIN_MS, makeCutStage, UNDO_MS } from "../support/cut-stage.ts";
import { cutBy, returnsTo } from "../support/cuts.ts";
import type { Flavour } from "../support/host.ts";
import { run } from "../support/run.ts";

const flavours: readonly Flavour[] = ["debian", "coreos"];

test.concurrent.for(flavours)(
  "pitfall-1 on %s: open again as before, or closed for good",
  async (flavour) => {
    await using stage = await makeCutStage({ flavour, state: "pitfall-1", downFlags: ["--reopen"] });
    const open = () => run(["curl", "-sS", "-m", "5", `http://${stage.host.ip}:2375/_ping`]);
    expect(await open()).toMatchObject({ stdout: "OK", status: 0 });
    const count = await stage.countCuts();
    // From the last change of a file on: docker-tcp.socket removed, docker restarted, confirmed.
    for (const at of [count - 2, count - 1, count]) {
      const { label } = await stage.cutUp({ at, act: at % 2 === 0 ? cutBy.ssh : cutBy.laptop });
      const returned = await returnsTo(stage.host, stage.before, CONFIRM_WITHIN_MS + UNDO_MS);
      expect(returned, `as before, ${label}`).toBe(at < count);
      expect((await open()).stdout, label).toBe(at < count ? "OK" : "");
      await stage.expectUp(label);
      expect((await open()).status, label).toBe(7);
      await stage.expectDown(label);
      expect((await open()).stdout, label).toBe("OK");
    }
  },
);
