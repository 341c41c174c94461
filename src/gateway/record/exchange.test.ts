/** What is recorded about a request, in which part of the log, and when. */
import { expect, test } from "vitest";
import type { AuditEvent, AuditPart } from "../../audit/index.ts";
import { findOperation } from "../../engine/index.ts";
import type { ExchangeParts } from "./exchange.ts";
import { Exchanges } from "./exchanges.ts";
import type { Recorder } from "./recorder.ts";

const caller = { connection: "c7", client: "anna", fingerprint: "ab", address: "192.0.2.1:9", owner: "anna" };

function made({ isWritable = true, goOnWithoutAudit = false } = {}) {
  const told: [part: AuditPart, event: AuditEvent, now: boolean][] = [];
  const counted: [AuditEvent, boolean][] = [];
  let now = 1_000;
  const audit: Pick<Recorder, "record" | "recordNow"> = {
    record: (event, part) => void told.push([part, event, false]),
    recordNow: (event) => {
      told.push(["actions", event, true]);
      return isWritable;
    },
  };
  const metrics = {
    count: (_request: unknown, event: AuditEvent, isStream: boolean) => counted.push([event, isStream]),
  };
  const parts = { clock: () => now, audit, goOnWithoutAudit, metrics } as unknown as ExchangeParts;
  const exchanges = new Exchanges(parts, caller);
  const begin = (method: string, target: string) =>
    exchanges.begin({ method, target, call: findOperation(method, target) }, 40);
  const lines = () =>
    told.map(
      ([part, { event, decision, rule }, at]) => `${at ? "now " : ""}${part} ${event} ${decision} ${rule}`,
    );
  return { exchanges, begin, lines, told, counted, pass: (ms: number) => (now += ms) };
}

test("an action is recorded before it is executed, and again when it ends", () => {
  const { begin, exchanges, lines, told, pass } = made();
  const exchange = begin("POST", "/v1.41/containers/web/start");
  expect(exchange.permit("admin")).toBe(true);
  expect(lines()).toEqual(["now actions start allow admin"]);
  pass(12.3456);
  Object.assign(exchange, { status: 204, bytesOut: 90 });
  exchanges.end();
  expect(lines()[1]).toBe("actions end allow admin");
  expect(told[1]?.[1]).toEqual({
    ...{ time: 1_012.3456, event: "end", connection: "c7", request: 1, client: "anna", fingerprint: "ab" },
    ...{
      address: "192.0.2.1:9",
      operation: "ContainerStart",
      method: "POST",
      decision: "allow",
      rule: "admin",
    },
    ...{ target: "/v1.41/containers/web/start", status: 204, bytesIn: 40, bytesOut: 90, durationMs: 12.346 },
  });
});

test("an action that cannot be written must not go on, unless the configuration says so", () => {
  expect(made({ isWritable: false }).begin("POST", "/containers/create").permit("admin")).toBe(false);
  const goesOn = made({ isWritable: false, goOnWithoutAudit: true });
  expect(goesOn.begin("POST", "/containers/create").permit("admin")).toBe(true);
});

test("a read has one record, when it ends", () => {
  const { begin, exchanges, lines, counted } = made();
  expect(begin("GET", "/containers/json").permit("viewer-read")).toBe(true);
  expect(lines()).toEqual([]);
  exchanges.end();
  expect(lines()).toEqual(["reads request allow viewer-read"]);
  expect(counted.map(([, isStream]) => isStream)).toEqual([false]);
});

test("a stream is recorded when it begins and when it ends", () => {
  const { begin, exchanges, lines, counted } = made();
  begin("GET", "/events").permit("viewer-read");
  exchanges.end();
  expect(lines()).toEqual(["reads start allow viewer-read", "reads end allow viewer-read"]);
  expect(counted.map(([, isStream]) => isStream)).toEqual([true]);
});

test("an answer that became a pipe is a stream, and its beginning is recorded once", () => {
  const read = made();
  const exchange = read.begin("GET", "/containers/json");
  exchange.permit("admin");
  exchange.becomeStream(101);
  read.exchanges.end();
  expect(read.lines()).toEqual(["reads start allow admin", "reads end allow admin"]);
  expect(read.told[0]?.[1].status).toBe(101);
  expect(read.counted.map(([, isStream]) => isStream)).toEqual([true]);
  const action = made();
  const attach = action.begin("POST", "/containers/web/attach");
  attach.permit("admin");
  attach.becomeStream(101);
  expect(action.lines()).toEqual(["now actions start allow admin"]);
});

test("refused requests, and those that end undecided, are recorded as refusals", () => {
  const { begin, exchanges, lines, told } = made();
  begin("POST", "/containers/create").refuse("deny", "viewer-no-write");
  exchanges.end();
  const open = begin("POST", "/containers/create");
  expect(open.isDecided).toBe(false);
  exchanges.end("the client closed the connection");
  exchanges.beginMalformed({ method: "", target: "" }, "request-line");
  expect(exchanges.current?.isDecided).toBe(true);
  exchanges.end();
  expect(lines()).toEqual([
    "refusals request deny viewer-no-write",
    "refusals request refuse body-incomplete",
    "refusals request refuse request-line",
  ]);
  expect(told[1]?.[1].error).toBe("the client closed the connection");
  expect(told[0]?.[1]).not.toHaveProperty("error");
});

test("the record of a judged request begins after the judgement", () => {
  const { begin, told, pass } = made();
  const exchange = begin("POST", "/containers/create");
  pass(500);
  exchange.permit("admin", 1_500);
  expect(told[0]?.[1]).toMatchObject({ time: 1_500, durationMs: 500 });
});

test("requests of a connection are numbered, one at a time", () => {
  const { begin, exchanges } = made();
  expect([exchanges.count, exchanges.current, exchanges.requestId]).toEqual([0, null, "c7-0"]);
  const first = begin("GET", "/info");
  expect([exchanges.current, exchanges.requestId]).toEqual([first, "c7-1"]);
  exchanges.end();
  expect(exchanges.current).toBeNull();
  exchanges.end();
  expect(begin("GET", "/info").number).toBe(2);
});
