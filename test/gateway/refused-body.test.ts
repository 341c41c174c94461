import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

const BIG = 64 * 1024 * 1024;

test("a request refused within a large body still gets its 403", async () => {
  const client = await stage.connect("vera");
  client.send(`POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: ${BIG}\r\n\r\n`);
  const piece = Buffer.alloc(256 * 1024);
  let sent = 0;
  const go = () => {
    while (sent < BIG && !client.socket.destroyed) {
      sent += piece.length;
      if (!client.socket.write(piece)) return void client.socket.once("drain", go);
    }
  };
  go();
  expect(await client.sees(/\}\n/)).toMatch(/^HTTP\/1.1 403 .*Connection: close/s);
  // it takes no more than it said, so that whoever writes on is stopped
  expect(sent).toBeLessThan(BIG);
  await client.over;
  expect(stage.docker.count).toBe(0);
});

test("dockerd answers early and reads on: the connection stays open", async () => {
  const client = await stage.connect();
  client.send("POST /build HTTP/1.1\r\nHost: d\r\nContent-Length: 10\r\n\r\n12345");
  const docker = await stage.docker.next();
  await docker.sees("12345");
  docker.send(answer(500, "no space"));
  await client.sees("no space");
  client.send("67890").send(ask("/_ping"));
  await docker.sees(`67890${ask("/_ping")}`);
});

test("dockerd answers early and closes: the answer arrives", async () => {
  const client = await stage.connect();
  client.send("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
  const docker = await stage.docker.next();
  await docker.sees("12345");
  docker.send(answer(413, "enough")).end();
  docker.destroy();
  client.send("5\r\n67890\r\n");
  expect(await client.rest()).toMatch(/^HTTP\/1.1 413 .*enough$/s);
});

test("a malformed body is cut on dockerd's side, and answered 400", async () => {
  const client = await stage.connect();
  client.send("POST /build HTTP/1.1\r\nHost: d\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n");
  const docker = await stage.docker.next();
  await docker.sees("12345\r\n");
  client.send("zz\r\n");
  expect(await client.rest()).toMatch(/^HTTP\/1.1 400 .*chunk/s);
  expect(await docker.rest()).toBe("");
});

test("a malformed head after a good request is answered 400 before the connection closes", async () => {
  const { client, docker } = await stage.asked(ask("/_ping"));
  docker.send(answer(200, "OK"));
  await client.sees("OK");
  client.send("GET /x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");
  expect(await client.rest()).toMatch(/^HTTP\/1.1 400 .*Host/s);
  await docker.over;
});
