import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

test("pipelined requests reach dockerd one by one, and are answered in order", async () => {
  const client = await stage.connect();
  client.send(ask("/one") + ask("/two") + ask("/three"));
  const docker = await stage.docker.next();
  for (const name of ["one", "two", "three"]) {
    expect(await docker.sees("\r\n\r\n")).toBe(ask(`/${name}`));
    expect(docker.unread).toBe("");
    docker.send(answer(200, `it is ${name}`));
  }
  for (const name of ["one", "two", "three"]) await client.sees(`it is ${name}`);
});

test("the connection continues after two requests at once", async () => {
  const { client, docker } = await stage.asked(ask("/one") + ask("/two"));
  docker.send(answer(200, "1"));
  await docker.sees("\r\n\r\n");
  docker.send(answer(200, "2"));
  await client.sees("\r\n\r\n2");
  client.send(ask("/three"));
  expect(await docker.sees("\r\n\r\n")).toBe(ask("/three"));
});

test("a second request's body continues after the first answer", async () => {
  const { client, docker } = await stage.asked(
    `${ask("/one")}POST /two HTTP/1.1\r\nHost: docker\r\nContent-Length: 6\r\n\r\nabc`,
  );
  docker.send(answer(200, "1"));
  await docker.sees("\r\n\r\nabc");
  client.send("def");
  await docker.sees("def");
});

test("a head that is cut anywhere is read the same", async () => {
  const client = await stage.connect();
  const head = ask("/cut");
  client.send(`${ask("/first")}${head.slice(0, 9)}`);
  const docker = await stage.docker.asked();
  docker.send(answer(200, "1"));
  await client.sees("\r\n\r\n1");
  for (const byte of head.slice(9)) client.send(byte);
  expect(await docker.sees("\r\n\r\n")).toBe(head);
});

test("requests after a refused one are answered although the client has sent its end", async () => {
  const client = await stage.connect("vera");
  client.send(ask("/_ping") + ask("/containers/x/start", "POST") + ask("/version")).end();
  const docker = await stage.docker.asked();
  docker.send(answer(200, "OK"));
  await docker.sees(ask("/version"));
  docker.send(answer(200, "{}"));
  expect(await client.rest()).toMatch(/OK.*403 Forbidden.*200 Reason.*{}/s);
});
