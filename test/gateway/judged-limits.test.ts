/** Bodies that are judged: their limit, their deadline, their place in the memory budget, and clients that go away. */
import { expect, test, vi } from "vitest";
import type { Asking, Verdict } from "../../src/policy/index.ts";
import { allow, CHUNKED, create, forwarded, judgingTests, MAX_BYTES, sized } from "./support/judging.ts";

const { judge, make } = judgingTests();

test("a body of exactly the limit passes", async () => {
  const here = await make();
  const { docker } = here;
  const body = "x".repeat(MAX_BYTES);
  (await here.connect()).send(sized(body));
  expect(await (await docker.next()).takes(forwarded(body).length)).toBe(forwarded(body));
});

test.each([
  ["said before", create(`Content-Length: ${MAX_BYTES + 1}\r\nExpect: 100-continue\r\n`)],
  ["said before and here", sized("x".repeat(MAX_BYTES + 1))],
  ["chunked, in one piece", create(CHUNKED, `41\r\n${"x".repeat(0x41)}\r\n`)],
  ["chunked, whole", create(CHUNKED, `41\r\n${"x".repeat(0x41)}\r\n0\r\n\r\n`)],
])("a body that exceeds the limit (%s) is answered 413, and dockerd gets nothing", async (_how, request) => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  client.send(request);
  expect(await client.sees("too large")).toMatch(/^HTTP\/1.1 413 Content Too Large\r\n/);
  const [record] = await here.records("ContainerCreate", 1);
  expect(record).toMatchObject({ event: "request", part: "refusals", decision: "refuse", rule: "body-size" });
  expect([docker.count, judge.mock.calls.length, record?.status]).toEqual([0, 0, 413]);
});

test("a chunked body ends with its first byte beyond the limit, and so does the connection", async () => {
  const here = await make();
  const client = await here.connect();
  client.send(create(CHUNKED));
  const chunk = `10\r\n${"x".repeat(16)}\r\n`;
  client.send(chunk.repeat(4)).send("1\r\nx");
  expect(await client.rest()).toMatch(/^HTTP\/1.1 413 .*Connection: close/s);
});

test("a body that arrives byte by byte has one deadline", async () => {
  const here = await make(allow, { bodyStallMs: 300 });
  const { docker } = here;
  const client = await here.connect();
  client.send(create("Content-Length: 60\r\n"));
  const drip = setInterval(() => client.send("x"), 30);
  const reply = await client.sees(/in time.*\n/);
  clearInterval(drip);
  expect(reply).toMatch(/^HTTP\/1.1 408 .*Connection: close/s);
  const [record] = await here.records("ContainerCreate", 1);
  expect(record).toMatchObject({ part: "refusals", decision: "refuse", rule: "body-timeout", status: 408 });
  expect(docker.count).toBe(0);
});

test("an invalid chunk: 400, and dockerd gets nothing", async () => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  client.send(create(`${CHUNKED}Expect: 100-continue\r\n`));
  await client.sees("Continue\r\n\r\n");
  client.send("2\r\n{}\r\nzz\r\n");
  expect(await client.rest()).toMatch(/^HTTP\/1.1 400 .*chunk/s);
  const [record] = await here.records("ContainerCreate", 1);
  expect(record).toMatchObject({ decision: "refuse", rule: "chunk-size" });
  expect(docker.count).toBe(0);
});

test.each(["hangs up", "sends its end"])(
  "a client that %s within the body: dockerd gets nothing",
  async (how) => {
    const here = await make();
    const { docker } = here;
    const client = await here.connect();
    client.send(create("Content-Length: 9\r\n", "{"));
    if (how === "hangs up") client.destroy();
    else client.end();
    const [record] = await here.records("ContainerCreate", 1);
    expect(record).toMatchObject({
      part: "refusals",
      decision: "refuse",
      rule: "body-incomplete",
      status: null,
    });
    expect(record?.error).toBe("the client closed the connection");
    expect([docker.count, judge.mock.calls.length]).toEqual([0, 0]);
  },
);

test("a client that is revoked within the body: dockerd gets nothing", async () => {
  const here = await make();
  const { docker } = here;
  const client = await here.connect();
  client.send(create("Content-Length: 9\r\nExpect: 100-continue\r\n"));
  await client.sees("Continue");
  client.send("{");
  here.cutAll("revoked-client");
  await client.over;
  const [record] = await here.records("ContainerCreate", 1);
  expect(record).toMatchObject({ decision: "refuse", rule: "body-incomplete", error: "revoked-client" });
  expect([docker.count, judge.mock.calls.length]).toEqual([0, 0]);
});

test("gathered bytes count in the client's budget; above it the latest request is dropped", async () => {
  const size = 100_000;
  const limits = { heldBytesPerClient: 150_000 };
  const here = await make(allow, limits, size);
  const { docker, gateway } = here;
  const half = create(`Content-Length: ${size}\r\n`, "x".repeat(size - 1));
  const first = await here.connect();
  first.send(half);
  await expect.poll(() => gateway.holdings.total).toBe(size - 1);
  const second = await here.connect();
  second.send(half);
  await second.over;
  await expect.poll(() => gateway.holdings.total).toBe(size - 1);
  first.send("x");
  const dockerd = await docker.next();
  await dockerd.takes(forwarded("x".repeat(size)).length);
  await expect.poll(() => gateway.holdings.total).toBe(0);
  const records = await here.records("ContainerCreate", 2);
  expect(records.map(({ error }) => error)).toEqual(["too-much-waiting", undefined]);
});

test("a body counts while its judge waits for the engine, with what the judge makes of it, until it has decided", async () => {
  const size = 100_000;
  const { promise: verdict, resolve: decide } = Promise.withResolvers<Verdict>();
  const { promise: asked, resolve: ask } = Promise.withResolvers<Asking>();
  const here = await make(
    (_body, _call, asking) => {
      ask(asking);
      return verdict;
    },
    { heldBytesPerClient: 3 * size },
    size,
  );
  const { holdings } = here.gateway;
  const [first, second] = [await here.connect(), await here.connect()];
  first.send(create(`Content-Length: ${size}\r\n`, "x".repeat(size)));
  const { holds } = await asked;
  expect(holdings.total).toBe(size);
  holds(2.5 * size);
  expect(holdings.total).toBe(2.5 * size);
  second.send(create(`Content-Length: ${size}\r\n`, "x".repeat(size - 1)));
  await second.over;
  expect(holdings.total).toBe(2.5 * size);
  decide({ allow: false, rule: "never", reason: "not here" });
  await first.sees("not here");
  expect(holdings.total).toBe(0);
});

test("a judged request counts until dockerd has taken it", async () => {
  const size = 4_000_000;
  const here = await make(allow, {}, size);
  const { docker, gateway } = here;
  const client = await here.connect();
  docker.behave((wire) => wire.socket.pause());
  client.send(create(`Content-Length: ${size}\r\n`, "x".repeat(size)));
  await vi.waitFor(() => expect(judge).toHaveBeenCalled());
  expect(gateway.holdings.total).toBeGreaterThan(size);
  here.cutAll("revoked-client");
  await expect.poll(() => gateway.holdings.total).toBe(0);
});
