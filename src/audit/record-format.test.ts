import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { AuditEvent } from "./event.ts";
import { createRecordFilter } from "./record-filter.ts";
import { createRecordFormat } from "./record-format.ts";

// Many runs, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

/** Longer than any text in these tests. */
const LONG = 1_000;

const text = fc.string({ unit: "binary" });
const count = fc.nat();
const events = fc.record(
  {
    time: count,
    event: fc.constantFrom("request", "start", "end", "connection", "refusals", "admin", "gateway"),
    // few, so that the same one occurs again with another client
    connection: fc.constantFrom("c1", "c2", '"'),
    request: count,
    client: fc.option(text),
    fingerprint: fc.option(text),
    address: text,
    operation: fc.option(text),
    method: text,
    target: text,
    decision: fc.constantFrom("allow", "deny", "refuse"),
    rule: text,
    status: fc.option(count),
    bytesIn: count,
    bytesOut: count,
    durationMs: fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 }),
    error: text,
    count,
  },
  {
    requiredKeys: [
      "time",
      "event",
      "connection",
      "request",
      "client",
      "fingerprint",
      "address",
      "operation",
      "method",
      "target",
      "decision",
      "rule",
      "status",
      "bytesIn",
      "bytesOut",
      "durationMs",
    ],
  },
) satisfies fc.Arbitrary<AuditEvent>;

describe("createRecordFormat()", () => {
  test("writes one line of JSON that reads back the same, whatever clients send", () => {
    fc.assert(
      fc.property(fc.array(events), (some) => {
        const format = createRecordFormat(LONG);
        for (const event of some) {
          const line = format(event);
          expect(line.indexOf("\n")).toBe(line.length - 1);
          expect(JSON.parse(line)).toEqual(event);
          // on disk the text is UTF-8
          expect(Buffer.from(line).toString()).toBe(line);
        }
      }),
    );
  });

  test("a reused connection number is not taken for the old connection", () => {
    const format = createRecordFormat(LONG);
    const [event] = fc.sample(events, 1);
    const clients = Array.from({ length: 5000 }, (_, at) => `client-${at}`);
    for (const [at, client] of clients.entries())
      expect(
        JSON.parse(format({ ...(event as AuditEvent), client, connection: `${at % 4500}` })),
      ).toMatchObject({
        client,
      });
  });
});

test("a clock with fractions of a millisecond does not lengthen every line", () => {
  const [event] = fc.sample(events, 1);
  expect(JSON.parse(createRecordFormat(LONG)({ ...(event as AuditEvent), time: 5.75 }))).toMatchObject({
    time: 5,
  });
});

test("a text that is too long is recorded as its beginning, its length and its digest", () => {
  const [event] = fc.sample(events, 1);
  const target = `/é${"x".repeat(65_000)}`;
  const method = "M".repeat(65_000);
  const line = createRecordFormat(100)({ ...(event as AuditEvent), method, target });
  expect(line.length).toBeLessThan(1_500);
  expect(JSON.parse(line)).toMatchObject({
    method: method.slice(0, 100),
    target: target.slice(0, 100),
    cut: {
      method: { bytes: 65_000 },
      target: { bytes: 65_003, sha256: createHash("sha256").update(target).digest("hex") },
    },
  });
});

test("no record exceeds the maximum length", () => {
  const any = fc.string({ unit: "binary", minLength: 0, maxLength: 3_000 });
  fc.assert(
    fc.property(events, any, any, any, (event, method, target, error) => {
      const line = createRecordFormat(256)({ ...event, method, target, error, rule: error, client: method });
      // each character may become six: \u0000
      expect(line.length).toBeLessThan(256 * 6 * 6 + 2_000);
      expect(() => JSON.parse(line)).not.toThrow();
    }),
  );
});

describe("createRecordFilter()", () => {
  test("finds the same records by field as by parsing them", () => {
    const client = fc.constantFrom("anna", "bob", 'a"b', ',"client":"bob",');
    const hidden = fc.constantFrom('x,"client":"anna",', '"client":"bob"', "/_ping");
    fc.assert(
      fc.property(events, fc.option(client), client, hidden, count, (event, is, wanted, target, sinceMs) => {
        const line = createRecordFormat(LONG)({ ...event, client: is, target });
        expect(createRecordFilter({ client: wanted })(line)).toBe(is === wanted);
        expect(createRecordFilter({ sinceMs })(line)).toBe(event.time >= sinceMs);
        expect(createRecordFilter({})(line)).toBe(true);
      }),
    );
  });
});
