import fc from "fast-check";
import { expect, test } from "vitest";
import { Tally } from "./tally.ts";

test("it finds the largest holder after any changes", () => {
  const step = fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.boolean());
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const tally = new Tally<string>();
      const counts = new Map<string, number>();
      for (const [holder, comes] of steps) {
        if (comes) tally.add(holder);
        else tally.remove(holder);
        counts.set(holder, Math.max(0, (counts.get(holder) ?? 0) + (comes ? 1 : -1)));
        const most = Math.max(0, ...counts.values());
        expect(tally.most).toBe(most);
        expect(tally.largest === undefined ? 0 : counts.get(tally.largest)).toBe(most);
        expect(tally.size).toBe([...counts.values()].filter((count) => count > 0).length);
      }
    }),
  );
});
