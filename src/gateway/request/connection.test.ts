import { describe, expect, test } from "vitest";
import { InMemoryGateway, VIEWER } from "../../../test/support/gateway/in-memory.ts";
import { DEFAULT_LIMITS } from "../admission/limits.ts";

const get = (target: string, fields = "") => `GET ${target} HTTP/1.1\r\nHost: d\r\n${fields}\r\n`;
const post = (target: string, length: number, body = "") =>
  `POST ${target} HTTP/1.1\r\nHost: d\r\nContent-Length: ${length}\r\n\r\n${body}`;
const answer = (body: string, fields = "") =>
  `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;

describe("a permitted request", () => {
  test("is forwarded unchanged, answered, and recorded", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(get("/_ping"));
    const docker = await here.docker();
    expect(await docker.sees("\r\n\r\n")).toBe(get("/_ping"));
    here.now += 5;
    docker.send(answer("pong"));
    expect(await client.sees("pong")).toBe(answer("pong"));
    const [record] = await here.ended(1);
    expect(record).toMatchObject({
      event: "request",
      operation: "SystemPing",
      decision: "allow",
      rule: "admin",
      status: 200,
      bytesIn: get("/_ping").length,
      bytesOut: answer("pong").length,
      durationMs: 5,
    });
  });

  test("leaves its connection to dockerd to the next one, for a second", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(get("/_ping") + get("/version"));
    const docker = await here.docker();
    await docker.sees("/_ping");
    docker.send(answer("first"));
    await docker.sees("/version");
    docker.send(answer("second"));
    await client.sees("second");
    here.pass(DEFAULT_LIMITS.dockerIdleMs);
    await docker.over;
    client.send(get("/info"));
    await (await here.docker()).sees("/info");
  });

  test("that does more than read is recorded before dockerd has it", async () => {
    const here = new InMemoryGateway();
    here.connect().client.send(post("/containers/x/start", 0));
    await here.docker();
    expect(here.audit.records).toMatchObject([{ event: "start", operation: "ContainerStart" }]);
  });

  test("that cannot be recorded is answered 503", async () => {
    const here = new InMemoryGateway();
    here.audit.record = () => {
      here.audit.failure = "no space left";
    };
    const { client } = here.connect();
    client.send(post("/containers/x/start", 0));
    expect(await client.sees("\n")).toBe("HTTP/1.1 503 Service Unavailable\r\n");
    expect(here.waiting).toBe(0);
  });
});

describe("a refused request", () => {
  test("is answered and recorded, and the connection continues", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect(VIEWER);
    client.send(post("/containers/x/start", 0) + get("/_ping"));
    await client.sees(/^HTTP\/1.1 403 Forbidden.*read-only/s);
    await (await here.docker()).sees("/_ping");
    expect(here.audit.records[0]).toMatchObject({
      part: "refusals",
      decision: "deny",
      rule: "viewer-no-write",
      status: 403,
    });
  });

  test("with a body that has not arrived ends the connection", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect(VIEWER);
    client.send(post("/containers/x/start", 9, "body"));
    expect(await client.rest()).toMatch(/^HTTP\/1.1 403 .*Connection: close/s);
  });

  test("beyond the client's quota: the next one waits", async () => {
    const here = new InMemoryGateway({ refusedRequestsPerMinute: 6 });
    const { client } = here.connect(VIEWER);
    const many = 5;
    client.send(post("/containers/x/start", 0).repeat(many));
    const answers = () => here.audit.records.length;
    await expect.poll(answers, { interval: 1 }).toBeGreaterThan(0);
    const before = answers();
    expect(before).toBeLessThan(many);
    here.pass(30_000);
    await expect.poll(answers, { interval: 1 }).toBeGreaterThan(before);
  });

  test("of an unlisted client: one answer as soon as the method is known, then the connection ends", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect(null);
    client.send("GET ");
    expect(await client.rest()).toMatch(/^HTTP\/1.1 403 .*Connection: close.*list of clients/s);
  });
});

describe("the admin API", () => {
  test("gets the whole body", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(post("/tetherdock/v1/reload", 4, "bo"));
    client.send("dy");
    await client.sees('{"done":true}');
    expect(here.calls.map(({ path, body }) => [path, `${body}`])).toEqual([["reload", "body"]]);
    expect(here.waiting).toBe(0);
  });

  test("answers 413 to a body above its limit, and the connection continues", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(post("/tetherdock/v1/reload", 70_000, "x".repeat(70_000)));
    await client.sees(/^HTTP\/1.1 413 .*too large/s);
    client.send(get("/tetherdock/v1/status"));
    await client.sees('{"done":true}');
    expect(here.calls).toHaveLength(1);
  });
});
