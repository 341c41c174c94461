import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

test("one connection carries many requests, upstream too", async () => {
  const client = await stage.connect();
  client.send(ask("/_ping"));
  const docker = await stage.docker.next();
  for (const round of ["1", "2", "3"]) {
    expect(await docker.sees("\r\n\r\n")).toBe(ask("/_ping"));
    docker.send(answer(200, round));
    expect(await client.sees(`\r\n\r\n${round}`)).toBe(answer(200, round));
    if (round !== "3") client.send(ask("/_ping"));
  }
  expect(stage.docker.count).toBe(1);
});

test("bytes pass unchanged in both directions", async () => {
  const client = await stage.connect();
  const head = "POST /v1.41/x?y=%20 HTTP/1.1\r\nhOsT:a\r\nX-Odd:   kept  \r\nContent-Length: 2\r\n\r\n";
  client.send(`${head}{}`);
  const docker = await stage.docker.next();
  expect(await docker.sees("{}")).toBe(`${head}{}`);
  const reply = "HTTP/1.1 201 Whatever It Says\r\nserver:   Docker\r\nContent-Length:1\r\n\r\nx";
  docker.send(reply);
  expect(await client.sees("\r\n\r\nx")).toBe(reply);
});

test("Connection: close is obeyed from either side", async () => {
  const { client: asking, docker: first } = await stage.asked(ask("/_ping", "GET", "Connection: close\r\n"));
  first.send(answer(200, "OK"));
  expect(await asking.rest()).toBe(answer(200, "OK"));

  const { client: told, docker: second } = await stage.asked(ask("/_ping"));
  second.send(answer(200, "OK", "Connection: close\r\n"));
  expect(await told.rest()).toMatch(/OK$/);
});

test("when a client ends between requests, dockerd's connection ends too", async () => {
  const { client, docker } = await stage.asked(ask("/_ping"));
  docker.send(answer(200, "OK"));
  await client.sees("OK");
  client.end();
  await docker.ended;
  expect(await client.closed).toBeNull();
});
