import type { Duplex } from "node:stream";
import { describe, expect, test } from "vitest";
import { ADMIN, InMemoryGateway } from "../../../test/support/gateway/in-memory.ts";
import { DEFAULT_LIMITS } from "../admission/limits.ts";

type Client = ReturnType<InMemoryGateway["connect"]>["client"];

const get = (target: string, fields = "") => `GET ${target} HTTP/1.1\r\nHost: d\r\n${fields}\r\n`;
const post = (target: string, length: number, body = "") =>
  `POST ${target} HTTP/1.1\r\nHost: d\r\nContent-Length: ${length}\r\n\r\n${body}`;
const answer = (body: string, fields = "") =>
  `HTTP/1.1 200 OK\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;

describe("deadlines", () => {
  test("a head that is not complete in time: 408", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send("GET /_p");
    await expect.poll(() => here.connections[0]?.isIdle, { interval: 1 }).toBe(false);
    here.pass(DEFAULT_LIMITS.headMs);
    expect(await client.rest()).toMatch(/^HTTP\/1.1 408 .*head/s);
    expect(here.audit.records).toMatchObject([{ decision: "refuse", rule: "head-timeout" }]);
  });

  test.each(["/images/load", "/tetherdock/v1/reload"])("a body of %s that stops: 408", async (target) => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(post(target, 9, "body"));
    await expect.poll(() => here.audit.records.length, { interval: 1 }).toBe(1);
    here.pass(DEFAULT_LIMITS.bodyStallMs);
    expect(await client.rest()).toMatch(/^HTTP\/1.1 408 .*body/s);
    expect(here.audit.records.at(-1)).toMatchObject({
      event: "end",
      decision: "allow",
      error: "body-timeout",
    });
  });

  test("a piece of a forwarded body moves its deadline", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(post("/images/load", 9, "body"));
    const docker = await here.docker();
    await docker.sees("body");
    here.pass(DEFAULT_LIMITS.bodyStallMs - 1);
    client.send("more");
    await docker.sees("more");
    here.pass(DEFAULT_LIMITS.bodyStallMs - 1);
    client.send("!");
    await docker.sees("!");
  });
});

describe("ends", () => {
  test("dockerd answers before the end of the body: the rest still goes to it", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(post("/images/load", 6, "abc"));
    const docker = await here.docker();
    await docker.sees("abc");
    docker.send(answer("early"));
    await client.sees("early");
    client.send(`def${get("/_ping")}`);
    await docker.sees(`def${get("/_ping")}`);
  });

  test("dockerd hijacks: it gets the bytes that were kept and all later ones", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(`${post("/containers/x/attach", 0)}kept`);
    const docker = await here.docker();
    docker.send("HTTP/1.1 101 UPGRADED\r\n\r\n");
    await docker.sees("kept");
    client.send("typed").end();
    await docker.sees("typed");
    await docker.ended;
    docker.send("bye").end();
    expect(await client.rest()).toContain("bye");
    const [record] = await here.ended(1);
    expect(record).toMatchObject({
      event: "end",
      status: 101,
      bytesIn: post("/containers/x/attach", 0).length + 9,
    });
  });

  test("dockerd hijacks: bytes that were kept no longer count as held", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(`${post("/containers/x/attach", 0)}${"x".repeat(5_000)}`);
    const docker = await here.docker();
    await expect.poll(() => here.gateway.holdings.total, { interval: 1 }).toBe(5_000);
    docker.send("HTTP/1.1 101 UPGRADED\r\n\r\n");
    await docker.sees(/x{5000}/);
    expect(here.gateway.holdings.total).toBe(0);
  });

  test("dockerd ends without an answer: 502", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(get("/_ping"));
    (await here.docker()).end();
    expect(await client.rest()).toMatch(/^HTTP\/1.1 502 .*dockerd closed the connection/s);
  });

  test("dockerd ends inside the answer: the client's connection is cut, and the record says why", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(get("/info"));
    const docker = await here.docker();
    docker.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf");
    await client.sees("half");
    docker.end();
    await client.over;
    expect(await here.ended(1)).toMatchObject([{ error: "dockerd closed the connection" }]);
  });

  test("the client ends between requests: the connection ends", async () => {
    const { client } = new InMemoryGateway().connect();
    client.end();
    expect(await client.rest()).toBe("");
  });

  test.each([
    ["has ended", (client: Client) => client.end()],
    ["is not read from", (client: Client) => client.send(get("/_ping"))],
  ])("a client that %s, and is gone without an event: both sides end", async (_what, acts) => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(get("/events"));
    const docker = await here.docker();
    await docker.sees("\r\n\r\n");
    const [near] = here.sockets as [Duplex];
    acts(client);
    await expect.poll(() => near.readableEnded || near.isPaused(), { interval: 1 }).toBe(true);
    here.pass(1);
    expect(near.destroyed).toBe(false);
    here.gone.add(near);
    here.pass(1);
    await Promise.all([client.over, docker.over]);
    expect(near.destroyed).toBe(true);
    expect(await here.ended(1)).toMatchObject([{ error: "the client closed the connection" }]);
  });

  test("an invalid request is answered 400, and the connection to dockerd is closed", async () => {
    const here = new InMemoryGateway();
    const { client } = here.connect();
    client.send(get("/_ping"));
    const docker = await here.docker();
    docker.send(answer("pong"));
    await client.sees("pong");
    client.send("GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
    expect(await client.rest()).toMatch(/^HTTP\/1.1 400 .*Host/s);
    await docker.over;
    expect(here.audit.records.at(-1)).toMatchObject({ decision: "refuse", rule: "host", target: "/x" });
  });

  test("a closed session: both sides end at once, and the record says why", async () => {
    const here = new InMemoryGateway();
    const { client, connection } = here.connect();
    client.send(get("/events"));
    const docker = await here.docker();
    connection.cut("revoked-client");
    await Promise.all([client.over, docker.over]);
    expect(await here.ended(1)).toMatchObject([{ event: "end", error: "revoked-client" }]);
  });

  test("shutdown: requests complete, observers and idle connections are closed", async () => {
    const here = new InMemoryGateway();
    const [runs, observes, idle] = [here.connect(), here.connect(), here.connect()];
    runs.client.send(get("/info"));
    const docker = await here.docker();
    observes.client.send(get("/events"));
    await here.docker();
    here.now += DEFAULT_LIMITS.lingerMs;
    for (const { connection } of [runs, observes, idle]) connection.drain(here.now);
    expect(await idle.client.rest()).toBe("");
    await observes.client.over;
    docker.send(answer("done"));
    expect(await runs.client.rest()).toContain("done");
  });
});

test("a client is disconnected when its certificate expires", async () => {
  const here = new InMemoryGateway();
  const { client, connection } = here.connect(ADMIN);
  client.send(get("/events"));
  await here.docker();
  connection.sweep(Number.POSITIVE_INFINITY);
  await client.over;
  expect(await here.ended(1)).toMatchObject([{ error: "expired-client" }]);
});
