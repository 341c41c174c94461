import { expect, test } from "vitest";
import { type AuditEvent, type AuditPart, gatewayEvent } from "../../audit/index.ts";
import { Recorder } from "./recorder.ts";

function made() {
  const records: AuditEvent[] = [];
  const record = (event: AuditEvent, _?: AuditPart) => void records.push(event);
  const recorder = new Recorder({ record, write: () => {}, failure: null, close: async () => {} });
  return { recorder, records };
}

const refused = (time: number, address: string): AuditEvent => ({
  ...gatewayEvent(time, "no certificate", ""),
  event: "connection",
  address,
  decision: "refuse",
});

test("callers without a certificate are counted by address (IPv6: /64), and together above a number of addresses", () => {
  const { recorder, records } = made();
  for (let port = 1; port <= 30; port++) recorder.record(refused(1_000, `203.0.113.7:${port}`), "refusals");
  for (let host = 1; host <= 9; host++)
    recorder.record(refused(1_000, `[fd00:0:0:1::${host}]:1`), "refusals");
  for (let host = 0; host < 200; host++) recorder.record(refused(1_000, `10.0.0.${host}:1`), "refusals");
  expect(records).toHaveLength(20);
  recorder.sweep(61_000);
  const counts = records.slice(20);
  expect(counts).toHaveLength(65);
  const of = (address: string) => counts.find((event) => event.address === address)?.count;
  expect([of("203.0.113.7"), of("fd00:0:0:1::/64"), of("10.0.0.1"), of("")]).toEqual([10, 9, 1, 138]);
});

test("refusals of clients and of callers without a certificate have separate quotas", () => {
  const { recorder, records } = made();
  for (let port = 1; port <= 500; port++)
    recorder.record(refused(1_000, `203.0.113.${port % 250}:1`), "refusals");
  recorder.record({ ...refused(1_000, "203.0.113.1:1"), client: "vera" }, "refusals");
  expect(records.at(-1)).toMatchObject({ client: "vera", event: "connection" });
});

test("only refusals are counted instead of recorded", () => {
  const { recorder, records } = made();
  for (let at = 0; at < 500; at++) recorder.record(refused(1_000, "203.0.113.7:1"), "reads");
  expect(records).toHaveLength(500);
});
