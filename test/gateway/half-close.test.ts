import { afterAll, beforeAll, expect, test } from "vitest";
import { notifyOnly } from "./support/close-notify.ts";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

const UPGRADE = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
const SWITCH = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";

async function attached(more = {}, container = "x") {
  const { client, docker } = await stage.asked(
    ask(`/containers/${container}/attach`, "POST", UPGRADE),
    "anna",
    more,
  );
  docker.send(SWITCH);
  await client.sees("\r\n\r\n");
  return { client, docker };
}

test("stdin ends, the output continues", async () => {
  const { client, docker } = await attached();
  client.end("the last of stdin");
  expect(await docker.rest()).toBe("the last of stdin");
  docker.send("late ").send("output").end();
  expect(await client.rest()).toBe("late output");
  expect(await client.closed).toBeNull();
});

test("stdin ends with only a close_notify, as in Go's CloseWrite", async () => {
  const { socket, options } = notifyOnly(stage);
  const { client, docker } = await attached(options);
  client.end();
  await docker.ended;
  expect(socket.writableEnded).toBe(false);
  docker.send("late output").end();
  expect(await client.rest()).toBe("late output");
});

test("the output ends, stdin continues", async () => {
  const { client, docker } = await attached();
  docker.end("the last of stdout");
  expect(await client.rest()).toBe("the last of stdout");
  client.send("more ").end("stdin");
  expect(await docker.rest()).toBe("more stdin");
  await client.closed;
});

test("an end that arrives before the pipe exists is delivered", async () => {
  const client = await stage.connect();
  client.send(`${ask("/containers/x/attach", "POST", UPGRADE)}all of stdin`).end();
  const docker = await stage.docker.asked();
  docker.send(SWITCH);
  expect(await docker.rest()).toBe("all of stdin");
  docker.end("output");
  expect(await client.rest()).toBe(`${SWITCH}output`);
});

test("a pipe that ends on both sides has no error in its record", async () => {
  const { client, docker } = await attached({}, "recorded");
  client.end();
  await docker.ended;
  docker.end();
  await client.closed;
  const end = await stage.record(
    ({ event, target }) => event === "end" && target === "/containers/recorded/attach",
  );
  expect(end).not.toHaveProperty("error");
});

test("a client that ends within a body leaves dockerd an incomplete body", async () => {
  const client = await stage.connect();
  client.send("POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 100\r\n\r\nhalf").end();
  const docker = await stage.docker.next();
  expect(await docker.rest()).toMatch(/half$/);
  docker.send(answer(400, "not whole"));
  expect(await client.rest()).toMatch(/not whole$/);
  await client.closed;
});

test("a client that has sent a request and its end still gets the answer", async () => {
  const client = await stage.connect();
  client.send(ask("/one") + ask("/two")).end();
  const docker = await stage.docker.next();
  for (const reply of ["1", "2"]) {
    await docker.sees("\r\n\r\n");
    docker.send(answer(200, reply));
  }
  expect(await client.rest()).toBe(answer(200, "1") + answer(200, "2"));
});
