import fc from "fast-check";
import { expect, test } from "vitest";
import { type AuditEvent, gatewayEvent } from "./event.ts";
import { RefusalCounts } from "./refusal-counts.ts";

const MINUTE = 60_000;
const limits = { perSource: 2, inAll: 5, sources: 3 };

function refusal(time: number, client: string): AuditEvent {
  return {
    ...gatewayEvent(time, "revoked-client", ""),
    client,
    decision: "refuse",
    bytesIn: 10,
    bytesOut: 1,
  };
}

function take(counts: RefusalCounts, time: number, client: string): boolean {
  return counts.take(refusal(time, client), client, { client, fingerprint: null, address: "" });
}

test("the first refusals of a minute are recorded, the rest are one record with a count", () => {
  const counts = new RefusalCounts(limits);
  const recorded = Array.from({ length: 7 }, (_, at) => take(counts, 1_000 + at, "vera"));
  expect(recorded).toEqual([true, true, false, false, false, false, false]);
  expect(counts.due(1_000 + MINUTE - 1)).toEqual([]);
  expect(counts.due(1_000 + MINUTE)).toEqual([
    expect.objectContaining({
      time: 1_000 + MINUTE,
      event: "refusals",
      client: "vera",
      decision: "refuse",
      rule: "revoked-client",
      bytesIn: 50,
      bytesOut: 5,
      durationMs: MINUTE,
      count: 5,
    }),
  ]);
  // a new minute
  expect(counts.due(9 * MINUTE)).toEqual([]);
  expect(take(counts, 9 * MINUTE, "vera")).toBe(true);
  expect(counts.due(10 * MINUTE)).toEqual([]);
});

test("every refusal is recorded or counted, and the output is bounded, however many sources there are", () => {
  const events = fc.array(fc.record({ client: fc.constantFrom(..."abcdefgh"), wait: fc.nat(20_000) }), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(events, (some) => {
      const counts = new RefusalCounts(limits);
      let [now, written, told] = [0, 0, 0];
      const tell = (records: readonly AuditEvent[]) => {
        expect(records.length).toBeLessThanOrEqual(limits.sources + 1);
        for (const { count } of records) told += count ?? 0;
      };
      for (const { client, wait } of some) {
        now += wait;
        const due = counts.due(now);
        tell(due);
        if (take(counts, now, client)) written += 1;
      }
      tell(counts.rest(now));
      expect(written + told).toBe(some.length);
      expect(written).toBeLessThanOrEqual(limits.inAll * (Math.ceil(now / MINUTE) + 1));
      expect(counts.rest(now)).toEqual([]);
    }),
  );
});
