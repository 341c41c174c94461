import { afterEach, beforeEach, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

const LIMITS = {
  connectionsPerClient: 3,
  headBytes: 2_000,
  headMs: 500,
  bodyStallMs: 500,
  dockerIdleMs: 300,
  lingerMs: 300,
  lingerBytes: 1_000,
};

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.make({ limits: LIMITS });
});
afterEach(() => stage.end());

test("one client's connections: more get 429 and are closed, and each that ends frees a place", async () => {
  const open = [await stage.connect(), await stage.connect(), await stage.connect()];
  const more = (await stage.connect()).polite();
  more.send(ask("/_ping"));
  expect(await more.rest()).toMatch(/^HTTP\/1.1 429 .*too many connections.*/s);
  const other = await stage.connect("vera");
  other.send(ask("/_ping"));
  await stage.docker.next();
  open[0]?.end();
  await open[0]?.closed;
  const again = await stage.connect();
  again.send(ask("/_ping"));
  await stage.docker.next();
});

test("a refused client's idle connection is closed and frees its place", async () => {
  const stranger = (await stage.connect(await stage.identities.client("nobody"))).polite();
  expect(await stranger.rest()).toMatch(/^HTTP\/1.1 408 /);
});

test("a head that is too large: 431, however it is split", async () => {
  for (const size of [2_500, 60_000]) {
    const client = (await stage.connect()).polite();
    client.send(`GET /_ping HTTP/1.1\r\nHost: d\r\nX-Large: ${"x".repeat(size)}`);
    expect(await client.rest()).toMatch(/^HTTP\/1.1 431 /);
  }
  expect(stage.docker.count).toBe(0);
});

test("an incomplete head: 408", async () => {
  const client = (await stage.connect()).polite();
  client.send("GET /_ping HTT");
  expect(await client.rest()).toMatch(/^HTTP\/1.1 408 /);
});

test("the deadline also applies to the beginning of a next head that was kept", async () => {
  const client = (await stage.connect()).polite();
  client.send(`${ask("/_ping")}GET /nev`);
  const docker = await stage.docker.asked();
  docker.send(answer(200, "OK"));
  expect(await client.rest()).toMatch(/OKHTTP\/1.1 408 /);
});

test("a body that stalls: 408, and dockerd sees it cut; a body that waits for dockerd does not stall", async () => {
  const client = (await stage.connect()).polite();
  client.send("POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 9\r\n\r\n123");
  const docker = await stage.docker.next();
  await docker.sees("123");
  expect(await client.rest()).toMatch(/^HTTP\/1.1 408 /);
  expect(await docker.rest()).toBe("");
});

test("an answer and an idle connection may be silent for any time", async () => {
  const idle = await stage.connect();
  const { client, docker } = await stage.asked(ask("/containers/x/wait", "POST"));
  // longer than any of the limits: another connection runs into one of them meanwhile
  const late = await stage.connect("vera");
  late.send("GET /");
  await late.sees("408");
  docker.send(answer(200, "at last"));
  await client.sees("at last");
  idle.send(ask("/_ping"));
  await stage.docker.next();
});

test("a refused client that does not disconnect is disconnected", async () => {
  const client = await stage.connect("vera");
  client.send("POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 9000\r\n\r\n");
  await client.sees("403");
  await expect
    .poll(async () => {
      client.send("x");
      return client.socket.destroyed;
    })
    .toBe(true);
});

test("between requests the connection to dockerd is closed, and the client's stays open", async () => {
  const client = await stage.connect();
  for (const reply of ["one", "two"]) {
    client.send(ask("/info"));
    const docker = await stage.docker.asked();
    docker.send(answer(200, reply));
    await client.sees(reply);
    await docker.ended;
  }
  expect(stage.docker.count).toBe(2);
});

test("the connection to dockerd stays open while an answer is due, however long", async () => {
  const { client, docker } = await stage.asked(ask("/containers/x/wait", "POST"));
  const { docker: other } = await stage.asked(ask("/info"));
  other.send(answer(200, "later"));
  await other.ended;
  docker.send(answer(200, "over"));
  await client.sees("over");
});
