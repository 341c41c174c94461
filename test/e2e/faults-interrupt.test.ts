/** Ctrl-C, an ended terminal, a polite kill: the host is put back before `up` ends. */
import { describe, expect, test } from "vitest";
import { LONG_TIMEOUT, makeCutStage } from "../support/cut-stage.ts";
import { HELD, returnsTo } from "../support/cuts.ts";
import type { Flavour } from "../support/host.ts";
import { sampleBy } from "../support/sample.ts";

const CTRL_C = "\x03";
const flavours: readonly Flavour[] = ["debian", "coreos"];

/** A step on a line of its own, as a terminal gets it: what it said of a wait is erased before. */
const told = (step: string) => new RegExp(`^(?:\\x1b\\[2K)? {2}${step.replaceAll(".", "[.]")}\\r$`, "m");

describe("on a terminal", () => {
  test.concurrent.for(sampleBy("faults-interrupt", flavours, 1))(
    "Ctrl-C in each step, on %s: undone at once, exit status 130",
    LONG_TIMEOUT,
    async (flavour) => {
      await using stage = await makeCutStage({ flavour });
      await stage.measure();
      expect(stage.steps.length).toBeGreaterThan(6);
      // Not "confirm": whether Ctrl-C comes before the host's answer there is a matter of milliseconds.
      for (const step of stage.steps.slice(0, -1).filter((step) => step !== HELD)) {
        await using up = stage.laptop.pty(`tetherdock ${stage.up.join(" ")}`);
        await up.until(told(step));
        up.type(CTRL_C);
        const { status, text } = await up.ended;
        expect(status, `${step}\n${text}`).toBe(130);
        expect(text).toContain("interrupted");
        expect(await stage.host.fingerprint(), `the host after Ctrl-C in "${step}"`).toBe(stage.before);
      }
      await stage.expectUp("after Ctrl-C in every step");
      await stage.expectDown("after Ctrl-C in every step");
    },
  );
});

test(
  "SIGTERM and SIGHUP while docker restarts: undone at once; Ctrl-C twice: the host undoes it",
  LONG_TIMEOUT,
  async () => {
    await using stage = await makeCutStage({ flavour: "debian" });
    await stage.measure();
    for (const signal of ["SIGTERM", "SIGHUP"] as const) {
      await using up = stage.laptop.start(stage.up);
      await up.until(/restart docker\n/);
      up.kill(signal);
      expect((await up.ended).status, signal).toBe(130);
      expect(await stage.host.fingerprint(), signal).toBe(stage.before);
    }
    await using up = stage.laptop.pty(`tetherdock ${stage.up.join(" ")} ${stage.within}`);
    await up.until(/restart docker\r\n/);
    up.type(CTRL_C + CTRL_C);
    await up.ended;
    expect(await returnsTo(stage.host, stage.before, stage.settledWithinMs)).toBe(true);
    await stage.expectUp("after two Ctrl-C");
    await stage.expectDown("after two Ctrl-C");
  },
);
