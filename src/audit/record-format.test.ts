import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { AuditEvent } from "./event.ts";
import { createRecordFilter } from "./record-filter.ts";
import { createRecordFormat } from "./record-format.ts";

// Many runs, on a machine that may be busy.
vi.setConfig({ testTimeout: 30_000 });

const text = fc.string({ unit: "binary" });
const count = fc.nat();
const events = fc.record(
  {
    time: count,
    event: fc.constantFrom("request", "start", "end", "connection", "admin", "gateway"),
    // few, so that they meet again with another client
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
  test("writes what JSON reads back, in one line, whatever clients send", () => {
    fc.assert(
      fc.property(fc.array(events), (some) => {
        const format = createRecordFormat();
        for (const event of some) {
          const line = format(event);
          expect(line.indexOf("\n")).toBe(line.length - 1);
          expect(JSON.parse(line)).toEqual(event);
          // what is on the disk is UTF-8
          expect(Buffer.from(line).toString()).toBe(line);
        }
      }),
    );
  });

  test("a connection's number used again is not taken for the old connection", () => {
    const format = createRecordFormat();
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

test("a clock that knows parts of a millisecond does not lengthen every line", () => {
  const [event] = fc.sample(events, 1);
  expect(JSON.parse(createRecordFormat()({ ...(event as AuditEvent), time: 5.75 }))).toMatchObject({
    time: 5,
  });
});

describe("createRecordFilter()", () => {
  test("finds by the field what looking into the record finds", () => {
    const client = fc.constantFrom("anna", "bob", 'a"b', ',"client":"bob",');
    const hidden = fc.constantFrom('x,"client":"anna",', '"client":"bob"', "/_ping");
    fc.assert(
      fc.property(events, fc.option(client), client, hidden, count, (event, is, wanted, target, sinceMs) => {
        const line = createRecordFormat()({ ...event, client: is, target });
        expect(createRecordFilter({ client: wanted })(line)).toBe(is === wanted);
        expect(createRecordFilter({ sinceMs })(line)).toBe(event.time >= sinceMs);
        expect(createRecordFilter({})(line)).toBe(true);
      }),
    );
  });
});
