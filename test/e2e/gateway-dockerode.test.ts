/** dockerode through the gateway: Node's HTTP client, hijacks with bodies that never end, many at once. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";

const AT_ONCE = 200;

let line: GatewayLine;
let docker: Docker;
beforeAll(async () => {
  line = await openGatewayLine("gwnode");
  docker = new Docker({ protocol: "https", version: "v1.41", ...(await line.keys()) });
  await line.host.root("docker run -d --name box tiny sleep 100000");
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

test("lists, inspects, and reports what is missing", async () => {
  expect((await docker.listContainers()).map(({ Names }) => Names)).toEqual([["/box"]]);
  expect((await docker.getContainer("box").inspect()).State.Running).toBe(true);
  await expect(docker.getContainer("nonesuch").inspect()).rejects.toMatchObject({ statusCode: 404 });
});

async function echoed(word: string): Promise<string> {
  const exec = await docker.getContainer("box").exec({ Cmd: ["cat"], AttachStdin: true, AttachStdout: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  const output = new PassThrough();
  docker.modem.demuxStream(stream, output, output);
  stream.on("end", () => output.end());
  stream.end(word);
  return text(output);
}

test(`${AT_ONCE} execs at once, each with separate input and output`, async () => {
  const words = Array.from({ length: AT_ONCE }, (_, index) => `word ${index}`);
  expect(await Promise.all(words.map(echoed))).toEqual(words);
});

test("attach with stdin, over one hijacked connection", async () => {
  const container = await docker.createContainer({
    Image: "tiny",
    Cmd: ["cat"],
    OpenStdin: true,
    StdinOnce: true,
  });
  const stream = await container.attach({ stream: true, stdin: true, stdout: true, hijack: true });
  await container.start();
  const output = new PassThrough();
  docker.modem.demuxStream(stream, output, output);
  stream.on("end", () => output.end());
  stream.end("through the pipe");
  expect(await text(output)).toBe("through the pipe");
  await container.remove({ force: true });
});

test("events arrive, and the stream can be closed", async () => {
  const events = await docker.getEvents({ filters: { container: ["box"] } });
  const first = once(events, "data");
  await docker.getContainer("box").rename({ name: "box2" });
  expect(JSON.parse(String((await first)[0])).Action).toBe("rename");
  (events as unknown as { destroy(): void }).destroy();
});
