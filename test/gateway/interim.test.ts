import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

test("dockerd answers Expect: 100-continue, and the body follows", async () => {
  const client = await stage.connect();
  const head = "PUT /x HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n";
  client.send(head);
  const docker = await stage.docker.next();
  expect(await docker.sees("\r\n\r\n")).toBe(head);
  docker.send(CONTINUE);
  expect(await client.sees("\r\n\r\n")).toBe(CONTINUE);
  client.send("body");
  await docker.sees("body");
  docker.send(answer(200, "taken"));
  await client.sees("taken");
});

test("a refused expectation: the answer comes without the body", async () => {
  const { client, docker } = await stage.asked(
    "PUT /x HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
  );
  docker.send(answer(413, "no", "Connection: close\r\n"));
  expect(await client.rest()).toMatch(/^HTTP\/1.1 413 .*no$/s);
});

test("a viewer's expectation is refused at once, before any body", async () => {
  const client = await stage.connect("vera");
  client.send(
    "PUT /containers/x/archive HTTP/1.1\r\nHost: d\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n",
  );
  expect(await client.rest()).toMatch(/^HTTP\/1.1 403 /);
});

test("any number of informational answers may precede the final one", async () => {
  const { client, docker } = await stage.asked(ask("/x"));
  docker.send(`${CONTINUE}HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early`);
  await client.sees("102 Processing\r\n\r\n");
  docker.send(` Hints\r\nLink: </x>\r\n\r\n${answer(200, "done")}`);
  expect(await client.sees("done")).toBe(
    `HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n${answer(200, "done")}`,
  );
});
