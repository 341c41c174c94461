import { afterAll, beforeAll, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import { Stage } from "./support/stage.ts";

const LARGEST = 50_000;

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.make({ limits: { rewriteBytes: LARGEST } });
});
afterAll(() => stage.end());

const INSPECT = {
  Id: "x",
  Tomorrow: "s3cret",
  Config: { Env: ["PATH=/bin", "TOKEN=s3cret"], Labels: { a: "s3cret" } },
  HostConfig: { Memory: 1, LogConfig: { Type: "json-file", Config: { token: "s3cret" } } },
};
const CHUNKED = "HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nTransfer-Encoding: chunked\r\nX-After: yes\r\n\r\n";

/** What a viewer gets for an inspect that dockerd answers so. */
async function inspected(reply: string, method = "GET"): Promise<string> {
  const vera = (await stage.connect("vera")).polite();
  vera.send(ask("/containers/x/json", method, "Connection: close\r\n"));
  const docker = await stage.docker.asked();
  docker.send(reply).end();
  return vera.rest();
}

test("an inspect keeps its fields and loses its secrets, sized or chunked", async () => {
  const body = JSON.stringify(INSPECT);
  const half = body.length >> 1;
  const pieces = [body.slice(0, half), body.slice(half)];
  const chunks = pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join("");
  for (const reply of [answer(200, body, "X-After: yes\r\n"), `${CHUNKED}${chunks}0\r\nX-Sum: 1\r\n\r\n`]) {
    const got = await inspected(reply);
    expect(got).not.toContain("s3cret");
    const [head = "", after = ""] = got.split("\r\n\r\n");
    expect(head).toMatch(/X-After: yes/);
    expect(head).not.toMatch(/chunked/i);
    expect(head).toMatch(new RegExp(`Content-Length: ${after.length}$`, "m"));
    expect(JSON.parse(after)).toMatchObject({
      Id: "x",
      Config: { Env: ["PATH=***", "TOKEN=***"], Labels: { a: "***" } },
    });
  }
});

test("numbers stay as they were written", async () => {
  const numbers = '{"Memory":9223372036854775807,"NanoCpus":1.50,"ShmSize":1e3,"CpuShares":7}';
  expect(await inspected(answer(200, `{"HostConfig":${numbers}}`))).toContain(numbers);
});

test("an answer that cannot be filtered is not forwarded", async () => {
  expect(await inspected(answer(200, "TOKEN=s3cret"))).toMatch(/^HTTP\/1.1 502 /);
  expect(await inspected("HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{")).toMatch(/^HTTP\/1.1 502 /);
  const gzip = answer(200, "\x1f\x8b", "Content-Encoding: gzip\r\n");
  expect(await inspected(gzip)).toMatch(/^HTTP\/1.1 502 /);
});

test("an answer that is too large to filter is not forwarded", async () => {
  const text = `{"a":"${"x".repeat(LARGEST)}"}`;
  expect(await inspected(answer(200, text))).toMatch(/^HTTP\/1.1 502 .*too large/s);
});

test("events arrive line by line, as dockerd sends them, without hidden fields", async () => {
  const { client: vera, docker } = await stage.asked(ask("/events"), "vera");
  docker.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
  expect(await vera.sees("\r\n\r\n")).toMatch(/Content-Type: application\/json/);
  const event = (name: string) => ({
    Type: "container",
    Action: "exec_create: sh -c s3cret",
    Actor: { ID: "x", Attributes: { name, team: "s3cret" } },
    Tomorrow: { a: "s3cret" },
  });
  for (const name of ["web", "db"]) {
    const line = `${JSON.stringify(event(name))}\n`;
    docker.send(`${line.length.toString(16)}\r\n${line}\r\n`);
    const seen = await vera.sees(`"name":"${name}"`);
    expect(seen).toContain("exec_create: sh ***");
    expect(seen).not.toContain("s3cret");
  }
  docker.send("0\r\n\r\n");
  await vera.sees("0\r\n\r\n");
});

test("an answer that claims to be partial, or has another 2xx status, is filtered too", async () => {
  const body = JSON.stringify(INSPECT);
  for (const status of [201, 206, 226]) expect(await inspected(answer(status, body))).not.toContain("s3cret");
});

test("an error from dockerd passes unchanged", async () => {
  const reply = answer(404, '{"message":"No such container: x"}\n');
  expect(await inspected(reply)).toBe(reply);
});

test.each([
  ["POST", "/containers/create"],
  ["DELETE", "/containers/x"],
  ["GET", "/containers/x/export"],
  ["GET", "/containers/x/logs"],
  ["GET", "/secrets"],
  ["GET", "/swarm"],
  ["GET", "/containers/x/attach/ws"],
  ["POST", "/session"],
  ["GET", "/no/such/operation"],
  ["GET", "/containers/x/../../secrets"],
  ["GET", "//secrets"],
  ["GET", "/%73ecrets"],
  ["HEAD", "/containers/x/archive?path=/etc"],
])("%s %s is refused and never reaches dockerd", async (method, target) => {
  const before = stage.docker.count;
  const vera = await stage.connect("vera");
  vera.send(ask(target, method));
  expect(await vera.sees("\r\n\r\n")).toMatch(/^HTTP\/1.1 403 /);
  expect(stage.docker.count).toBe(before);
});
