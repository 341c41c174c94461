import { expect, test } from "vitest";
import { InMemoryGateway } from "../../../test/support/gateway/in-memory.ts";
import { findOperation, type Operation } from "../../engine/index.ts";
import type { Decision, Judge, Role } from "../../policy/index.ts";

const { operation } = findOperation("POST", "/containers/create") ?? {};
const request = (fields: string, body = "") =>
  `POST /containers/create HTTP/1.1\r\nHost: d\r\n${fields}\r\n${body}`;
const sized = (body: string) => request(`Content-Length: ${body.length}\r\n`, body);

/** A client's request to create a container, whose body is judged. @returns the gateway, the client */
function asked(how: Judge["judge"], text: string) {
  const judge: Judge = { allow: null, maxBytes: 8, byBody: true, judge: how };
  const role: Role = {
    name: "judged",
    admin: false,
    decisions: new Map<Operation, Decision>([[operation as Operation, judge]]),
    unknown: judge,
  };
  const here = new InMemoryGateway();
  const { client } = here.connect(role);
  client.send(text);
  return { here, client };
}

const refusedAs = { part: "refusals", event: "request" };

test("what the judge permits is sent, recorded from that moment on", async () => {
  const { here } = asked((body) => {
    here.now += 7;
    return { allow: true, rule: "fine", answer: null, body: Buffer.from(`[${body}]`) };
  }, sized("1"));
  expect(await (await here.docker()).sees("[1]")).toBe(
    "POST /containers/create HTTP/1.1\r\nHost: d\r\nContent-Length: 3\r\n\r\n[1]",
  );
  expect(here.audit.records).toMatchObject([
    { event: "start", part: "actions", decision: "allow", rule: "fine", time: 1_007, durationMs: 7 },
  ]);
});

test("what the judge refuses is not sent", async () => {
  const { here, client } = asked(() => ({ allow: false, rule: "never", reason: "not here" }), sized("1"));
  expect(await client.sees("not here")).toMatch(/^HTTP\/1.1 403 /);
  expect(here.waiting).toBe(0);
  expect(here.audit.records).toMatchObject([{ ...refusedAs, decision: "deny", rule: "never", status: 403 }]);
});

test("a judge that throws: 500, nothing is sent, and the record says why", async () => {
  const { here, client } = asked(() => {
    throw new Error("a fault");
  }, sized("1"));
  expect(await client.sees("failed to check the request body")).toMatch(/^HTTP\/1.1 500 /);
  expect(here.waiting).toBe(0);
  const record = { decision: "refuse", rule: "judge-failed", status: 500, error: "a fault" };
  expect(here.audit.records).toMatchObject([{ ...refusedAs, ...record }]);
});

test.each([
  ["by its length", request("Content-Length: 9\r\n")],
  ["by its first chunk", request("Transfer-Encoding: chunked\r\n", "9\r\n123456789\r\n")],
])("a body that is too large %s is not judged", async (_how, text) => {
  const { here, client } = asked(() => {
    throw new Error("not reached");
  }, text);
  expect(await client.rest()).toMatch(/^HTTP\/1.1 413 .*Connection: close/s);
  expect(here.waiting).toBe(0);
  expect(here.audit.records).toMatchObject([{ ...refusedAs, decision: "refuse", rule: "body-size" }]);
});

test("a request that calls no operation is not judged, whatever the role says", async () => {
  const { here, client } = asked(() => {
    throw new Error("not reached");
  }, "POST /nothing/known HTTP/1.1\r\nHost: d\r\n\r\n");
  expect(await client.sees("no operation")).toMatch(/^HTTP\/1.1 403 /);
  expect(here.audit.records).toMatchObject([{ ...refusedAs, decision: "deny", rule: "no-operation" }]);
});
