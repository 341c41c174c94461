/**
 * The ssh connection breaks, or the laptop dies, right after each single step of `up`, and nobody comes back: the host
 * helps itself. Each way on one flavour here, and on a newer generation; faults-cut-again has them the other way round.
 */
import { expect, test } from "vitest";
import { type CutStage, LONG_TIMEOUT, makeCutStage } from "../support/cut-stage.ts";
import { activeUnits, cutBy, returnsTo } from "../support/cuts.ts";
import type { Flavour, Release } from "../support/host.ts";
import { sampleBy } from "../support/sample.ts";

const cases: readonly (readonly [Flavour, keyof typeof cutBy, Release])[] = [
  ["debian", "ssh", "bookworm"],
  ["coreos", "laptop", "bookworm"],
  ["debian", "ssh", "trixie"],
];

/** A laptop that lives says what became of the host, as far as it can know, and shows nothing of its own machinery. */
function expectTold(stderr: string, at: number, count: number) {
  expect(stderr).toMatch(/error: the connection to \S+ was lost\n/);
  expect(stderr).not.toMatch(/tetherdock-[0-9a-f]{8}/);
  if (at === count)
    expect(stderr).toContain("it is not known whether the host confirmed the change or will undo it within");
  else if (at > 2) expect(stderr).toContain("the host undoes the change within");
}

/** The answer to "confirm" is the last: from there on it stays, whether the laptop heard it or not. */
async function expectConfirmed(stage: CutStage, act: string) {
  const { label, stderr } = await stage.cutUp(stage.count, act, ["--confirm-within=10m"]);
  expect(await stage.host.fingerprint()).not.toBe(stage.before);
  expect(await activeUnits(stage.host), `the undo is disarmed, ${label}`).toBe("");
  expect(await stage.expectUp(label)).toContain("nothing to do");
  await stage.expectDown(label);
  return stderr;
}

test.concurrent.for(sampleBy("faults-cut", cases, 1))(
  "on %s, after each step, the end of %s (%s): as before, or confirmed",
  LONG_TIMEOUT,
  async ([flavour, what, release]) => {
    await using stage = await makeCutStage({ flavour, release });
    await stage.measure();
    const { host, before, count } = stage;
    expect(count).toBeGreaterThan(6);
    for (let at = 1; at < count; at += 1) {
      const { label, stderr } = await stage.cutUp(at, cutBy[what]);
      if (what === "ssh") expectTold(stderr, at, count);
      expect(await returnsTo(host, before, stage.settledWithinMs), `as before, ${label}`).toBe(true);
      expect(await stage.expectUp(label)).toContain("line web is up\n");
      await stage.expectDown(label);
    }
    const stderr = await expectConfirmed(stage, cutBy[what]);
    if (what === "ssh") expectTold(stderr, count, count);
  },
);
