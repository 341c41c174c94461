import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

test("no docker.sock: 502 with the reason; once it is back, requests work again", async () => {
  await stage.docker.close();
  const client = await stage.connect();
  client.send(ask("/_ping"));
  expect(await client.rest()).toMatch(/^HTTP\/1.1 502 .*did not answer.*(ENOENT|ECONNREFUSED)/s);
  await stage.docker.open();
  const { client: again, docker } = await stage.asked(ask("/_ping"));
  docker.send(answer(200, "OK"));
  await again.sees("OK");
});

test("dockerd gone between two requests: the client's connection ends, and no request is lost", async () => {
  const { client, docker } = await stage.asked(ask("/_ping"));
  docker.send(answer(200, "OK"));
  await client.sees("OK");
  docker.destroy();
  expect(await client.rest()).toBe("");
  expect(await client.end().closed).toBeNull();
});

test("dockerd gone while the admin API reads a body: the call succeeds", async () => {
  const { client, docker } = await stage.asked(ask("/_ping"));
  docker.send(answer(200, "OK"));
  await client.sees("OK");
  client.send(
    "POST /tetherdock/v1/reload HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
  );
  await client.sees("Continue");
  docker.end();
  await docker.over;
  client.send("{}");
  await client.sees('"reloaded":true');
});

test("dockerd gone before the answer: 502", async () => {
  const { client, docker } = await stage.asked(ask("/info"));
  docker.destroy();
  expect(await client.rest()).toMatch(/^HTTP\/1.1 502 /);
});

test.each([
  ["sized", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"],
  ["chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nA\r\n12345"],
  ["head", "HTTP/1.1 200 OK\r\nContent-Le"],
])("dockerd gone within the answer (%s): the client cannot mistake it for complete", async (part, text) => {
  const { client, docker } = await stage.asked(ask("/info"));
  docker.send(text);
  if (part !== "head") await client.sees("12345");
  docker.end();
  const rest = await client.rest();
  if (part === "head") expect(rest).toMatch(/^HTTP\/1.1 502 /);
  else expect(rest).toBe("");
  await client.over;
  await expect.poll(async () => (await stage.records()).at(-1)?.error).toBe("dockerd closed the connection");
});

test("an answer that is not HTTP is not forwarded", async () => {
  const { client, docker } = await stage.asked(ask("/info"));
  docker.send("HTTP/1.0 200 OK\r\n\r\nold");
  expect(await client.rest()).toMatch(/^HTTP\/1.1 502 /);
});

test("bytes after an answer are not forwarded: they would answer the next request", async () => {
  const { client, docker } = await stage.asked(ask("/info"));
  docker.send(`${answer(200, "good")}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`);
  expect(await client.rest()).not.toContain("evil");
});
