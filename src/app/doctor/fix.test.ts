/** `doctor --fix`: which hosts go to `up`, and what is reported of the others. */
import { expect, test } from "vitest";
import type { Report } from "../../doctor/index.ts";
import { fix } from "./fix.ts";
import type { FixEvent } from "./ports.ts";

/** @param results `up`: a failed check that `up` fixes; `hand`: another; other words are outcomes of a check that `up` fixes */
function report(upTarget: string | null | undefined, ...results: string[]): Report {
  const one = (word: string) =>
    word === "hand"
      ? { outcome: "failed", check: {} }
      : { outcome: word === "up" ? "failed" : word, check: { fixedByUp: true } };
  const subject = { name: "vps", ...(upTarget !== undefined && { upTarget }) };
  return { subject, results: results.map(one) } as unknown as Report;
}

const byHand = (findings: number): FixEvent => ({ kind: "by-hand", name: "vps", findings });
const byUp = (findings: number, target: string | null): FixEvent => ({
  kind: "by-up",
  name: "vps",
  findings,
  target,
});

test.each<[string, Report, readonly FixEvent[]]>([
  ["nothing failed", report("root@vps", "passed", "skipped"), []],
  ["one that up fixes", report("root@vps", "passed", "up"), [byUp(1, "root@vps")]],
  ["this machine", report(null, "up"), [byUp(1, null)]],
  ["one that up does not fix", report("root@vps", "hand", "passed"), [byHand(1)]],
  ["both", report("root@vps", "up", "hand", "up", "hand", "hand"), [byHand(3), byUp(2, "root@vps")]],
  ["no way to the host", report(undefined, "up"), [{ kind: "no-destination", name: "vps" }]],
  ["no way, nothing to fix", report(undefined, "passed", "hand"), [byHand(1)]],
])("%s", async (_what, one, expected) => {
  const events: FixEvent[] = [];
  const targets: (string | null)[] = [];
  const up = async (target: string | null) => {
    targets.push(target);
  };
  await fix({ up, report: (event) => events.push(event) }, [one]);
  expect(events).toEqual(expected);
  expect(targets).toEqual(expected.flatMap((event) => (event.kind === "by-up" ? [event.target] : [])));
});
