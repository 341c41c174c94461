/** Requests whose body decides: read whole, judged, and forwarded as they were judged. */
import { expect, test } from "vitest";
import type { Verdict } from "../../src/policy/index.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { allow, CHUNKED, create, forwarded, judgingTests, sized } from "./support/judging.ts";

const deny: Verdict = { allow: false, rule: "test-privileged", reason: "no privileged containers" };

const { judge, make } = judgingTests();

test("dockerd gets nothing until the body is complete, and then exactly what was judged", async () => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  const body = '{"Image":"debian"}';
  client.send(sized(body).slice(0, -5));
  await here.asked("ContainerCreate");
  expect([docker.count, judge.mock.calls.length]).toEqual([0, 0]);
  client.send(body.slice(-5));
  const dockerd = await docker.next();
  expect(await dockerd.takes(forwarded(body).length)).toBe(forwarded(body));
  dockerd.send(answer(201, "made"));
  expect(await client.sees("made")).toMatch(/^HTTP\/1.1 201 /);
  expect(judge.mock.calls).toMatchObject([
    [Buffer.from(body), { operation: { name: "ContainerCreate" }, query: "name=web" }, { contentType: [] }],
  ]);
});

test("the record begins when the body is permitted, before dockerd gets any of it", async () => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  client.send(create("Content-Length: 2\r\n", "{"));
  await here.asked("ContainerCreate");
  expect(here.audit.records).toEqual([]);
  client.send("}");
  const dockerd = await docker.asked();
  const [start] = await here.records("ContainerCreate", 1);
  expect(start).toMatchObject({ event: "start", part: "actions", decision: "allow", rule: "test-body" });
  dockerd.send(answer(201, "made"));
  await client.sees("made");
  const [, end] = await here.records("ContainerCreate", 2);
  const bytesIn = create("Content-Length: 2\r\n", "{}").length;
  expect(end).toMatchObject({ event: "end", status: 201, decision: "allow", bytesIn });
});

test("a chunked body is judged without its chunks and forwarded with its length", async () => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  client.send(create(CHUNKED, '3\r\n{"a\r\n'));
  client.send('4\r\n":1}\r\n0\r\nX-T: 1\r\n\r\n');
  const dockerd = await docker.next();
  expect(await dockerd.takes(forwarded('{"a":1}').length)).toBe(forwarded('{"a":1}'));
  expect(`${judge.mock.calls[0]?.[0]}`).toBe('{"a":1}');
});

test("dockerd gets the body that the judge returns", async () => {
  const here = await make(() => allow(Buffer.from('{"Labels":{"owner":"anna"}}')));
  const { docker } = here;
  const client = await here.connect();
  client.send(sized("{}"));
  const dockerd = await docker.next();
  const expected = forwarded('{"Labels":{"owner":"anna"}}');
  expect(await dockerd.takes(expected.length)).toBe(expected);
});

test("a request without a body is judged as an empty body", async () => {
  const here = await make();
  const { docker } = here;
  (await here.connect()).send(create(""));
  expect(await (await docker.next()).takes(forwarded("").length)).toBe(forwarded(""));
  expect(judge.mock.calls[0]?.[0]).toHaveLength(0);
});

test("refused after the body: dockerd gets nothing, the refusal is recorded, and the connection continues", async () => {
  const here = await make(() => deny);
  const { docker } = here;
  const client = await here.connect();
  client.send(sized('{"Privileged":true}'));
  const reply = await client.sees("no privileged containers");
  expect(reply).toMatch(/^HTTP\/1.1 403 Forbidden\r\n/);
  expect(reply).not.toContain("Connection: close");
  const [record] = await here.records("ContainerCreate", 1);
  expect(record).toMatchObject({
    event: "request",
    part: "refusals",
    decision: "deny",
    rule: "test-privileged",
    status: 403,
    bytesIn: sized('{"Privileged":true}').length,
  });
  expect(docker.count).toBe(0);
  client.send(ask("/_ping"));
  (await docker.asked()).send(answer(200, "OK"));
  await client.sees("OK");
});

test("the gateway answers Expect: 100-continue, and dockerd does not see it", async () => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  client.send(create("Content-Length: 2\r\nExpect: 100-continue\r\n"));
  expect(await client.sees("\r\n\r\n")).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  expect(docker.count).toBe(0);
  client.send("{}");
  const dockerd = await docker.next();
  expect(await dockerd.takes(forwarded("{}").length)).toBe(forwarded("{}"));
  dockerd.send(answer(201, "made"));
  expect(await client.sees("made")).toMatch(/^HTTP\/1.1 201 /);
});

test("later requests wait until it is answered, and are answered in order", async () => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  client.send(sized("{}") + ask("/_ping") + sized("[]"));
  const dockerd = await docker.next();
  expect(await dockerd.takes(forwarded("{}").length)).toBe(forwarded("{}"));
  expect([dockerd.unread, judge.mock.calls.length]).toEqual(["", 1]);
  dockerd.send(answer(201, "first"));
  await dockerd.sees("/_ping HTTP/1.1\r\nHost: docker\r\n\r\n");
  dockerd.send(answer(200, "second"));
  expect(await dockerd.takes(forwarded("[]").length)).toBe(forwarded("[]"));
  dockerd.send(answer(201, "third"));
  await client.sees(/first.*second.*third/s);
});

test("a judge that throws permits nothing and does not end the gateway", async () => {
  const here = await make(() => {
    throw new RangeError("too deep");
  });
  const { docker } = here;
  const client = await here.connect();
  client.send(sized("{}"));
  expect(await client.sees(/\n$/)).toMatch(/^HTTP\/1.1 500 .*failed to check the request body/s);
  const [record] = await here.records("ContainerCreate", 1);
  expect(record).toMatchObject({ decision: "refuse", rule: "judge-failed", error: "too deep" });
  expect(docker.count).toBe(0);
});

test("a permitted request that cannot be recorded is answered 503, and dockerd gets nothing", async () => {
  const here = await make((body) => {
    here.audit.failure = "no space left";
    return allow(body);
  });
  const { docker } = here;
  const client = await here.connect();
  client.send(sized("{}"));
  expect(await client.sees(/\n$/)).toMatch(/^HTTP\/1.1 503 /);
  expect(docker.count).toBe(0);
});

test("a connection to dockerd from an earlier request that ends in the meantime is replaced", async () => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  client.send(ask("/_ping"));
  const earlier = await docker.asked();
  earlier.send(answer(200, "OK"));
  await client.sees("OK");
  client.send(create("Content-Length: 2\r\nExpect: 100-continue\r\n"));
  await client.sees("Continue");
  earlier.end();
  await earlier.over;
  client.send("{}");
  const dockerd = await docker.next();
  expect(await dockerd.takes(forwarded("{}").length)).toBe(forwarded("{}"));
  dockerd.send(answer(201, "made"));
  await client.sees("made");
});

test("a judged request can become a raw pipe", async () => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  const fields = "Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: 2\r\n";
  client.send(`POST /exec/x/start HTTP/1.1\r\nHost: docker\r\n${fields}\r\n{}early`);
  const dockerd = await docker.next();
  expect(await dockerd.sees("{}")).toContain("Upgrade: tcp\r\n");
  dockerd.send("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n");
  await dockerd.sees("early");
  await client.sees("UPGRADED");
  client.send("typed");
  await dockerd.sees("typed");
});
