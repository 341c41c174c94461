import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make();
});
afterAll(() => stage.end());

const UPGRADE = "Connection: Upgrade\r\nUpgrade: tcp\r\n";
const SWITCH = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
const HIJACK = "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n";

test("101: all later bytes pass, and bytes that came early are not lost", async () => {
  const client = await stage.connect();
  client.send(`${ask("/containers/x/attach", "POST", UPGRADE)}early \0\r\n\r\n`);
  const docker = await stage.docker.next();
  expect(await docker.sees("\r\n\r\n")).toBe(ask("/containers/x/attach", "POST", UPGRADE));
  expect(docker.unread).toBe("");
  docker.send(`${SWITCH}out`);
  expect(await client.sees("out")).toBe(`${SWITCH}out`);
  expect(await docker.takes(11)).toBe("early \0\r\n\r\n");
  client.send(ask("/not/a/request"));
  expect(await docker.sees("\r\n\r\n")).toBe(ask("/not/a/request"));
  docker.end();
  expect(await client.rest()).toBe("");
});

test("200 without framing to a hijack becomes raw, as with old clients", async () => {
  const { client, docker } = await stage.asked(ask("/exec/x/start", "POST"));
  docker.send(HIJACK);
  expect(await client.sees("\r\n\r\n")).toBe(HIJACK);
  client.send("stdin");
  await docker.sees("stdin");
  docker.send("stdout");
  await client.sees("stdout");
});

test("a hijack with a body that never ends, as dockerode sends it", async () => {
  const client = await stage.connect();
  client.send(
    `POST /exec/x/start HTTP/1.1\r\nHost: d\r\n${UPGRADE}Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n`,
  );
  const docker = await stage.docker.next();
  await docker.sees("2\r\n{}\r\n");
  docker.send(SWITCH);
  await client.sees("\r\n\r\n");
  client.send("raw, and no chunk");
  await docker.sees("raw, and no chunk");
});

test("an attach answered 404 makes no pipe: later requests are judged", async () => {
  const { client, docker } = await stage.asked(
    `${ask("/containers/none/attach", "POST", UPGRADE)}${ask("/containers/x", "DELETE")}`,
  );
  expect(docker.unread).toBe("");
  docker.send(answer(404, "none"));
  await docker.sees(ask("/containers/x", "DELETE"));
  docker.send(answer(204, ""));
  await client.sees("204");
  const record = await stage.record(({ method }) => method === "DELETE");
  expect(record).toMatchObject({ target: "/containers/x", decision: "allow", request: 2 });
});

test("a 200 without framing makes no pipe for other operations", async () => {
  const { client, docker } = await stage.asked(ask("/info"));
  docker.send("HTTP/1.1 200 OK\r\n\r\nuntil the end");
  await client.sees("until the end");
  client.send(ask("/containers/x", "DELETE"));
  docker.end();
  expect(await client.rest()).toBe("");
  expect(docker.unread).toBe("");
});

test("a 101 without an upgrade request is not accepted", async () => {
  const { client, docker } = await stage.asked(ask("/info"));
  docker.send(SWITCH);
  expect(await client.rest()).toMatch(/^HTTP\/1.1 502 /);
});

const FORMS = [
  ["Upgrade without a Connection option", "Upgrade: tcp\r\n"],
  [
    "h2c with its settings",
    "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
  ],
  ["a Connection option without Upgrade", "Connection: upgrade\r\n"],
] as const;

test.each(FORMS)("%s: dockerd's answer decides", async (_, fields) => {
  const attach = await stage.asked(ask("/containers/x/attach", "POST", fields));
  attach.docker.send(SWITCH);
  await attach.client.sees("\r\n\r\n");
  attach.client.send("raw");
  await attach.docker.sees("raw");

  const refused = await stage.asked(
    `${ask("/containers/x/attach", "POST", fields)}${ask("/containers/x", "DELETE")}`,
  );
  expect(refused.docker.unread).toBe("");
  refused.docker.send(answer(404, "none"));
  await refused.docker.sees(ask("/containers/x", "DELETE"));

  const info = await stage.asked(ask("/info", "GET", fields));
  info.docker.send(SWITCH);
  expect(await info.client.rest()).toMatch(/^HTTP\/1.1 502 /);
});
