/** Starts that dockerd does not answer: each holds a thread of it, and no hang-up of the client ends that. */
import { expect, test, vi } from "vitest";
import { allow, judgingTests } from "./support/judging.ts";

const { make } = judgingTests();

const START = "POST /v1.41/exec/x/start HTTP/1.1\r\nHost: docker\r\nContent-Length: 2\r\n\r\n{}";
const UPGRADE = START.replace("Content", "Connection: Upgrade\r\nUpgrade: tcp\r\nContent");
const SWITCH = "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
const DONE = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/** A client that begins a start and leaves before dockerd answers. */
async function left(here: Awaited<ReturnType<typeof make>>, request = START, answer = "") {
  const client = await here.connect();
  client.send(request);
  const docker = await here.docker.next();
  await docker.sees("{}");
  docker.send(answer);
  if (answer !== "") await client.sees("\r\n\r\n");
  here.cutAll("the client has left");
  return docker;
}

/** What a further start is answered, dockerd's answer being 200. */
async function another(here: Awaited<ReturnType<typeof make>>): Promise<string> {
  const before = here.docker.count;
  const client = await here.connect();
  client.send(START);
  await expect.poll(() => here.docker.count > before || client.received > 0).toBe(true);
  if (here.docker.count > before) (await here.docker.next()).send(DONE);
  return client.sees(/HTTP\/1.1 \d+/);
}

test.each([
  ["before an answer", START, ""],
  ["after the upgrade, which comes before the process", UPGRADE, SWITCH],
])("a start whose client has left %s counts until dockerd answers", async (_when, request, answer) => {
  const here = await make(undefined, { startsPerClient: 2 });
  const first = await left(here, request, answer);
  await left(here, request, answer);
  expect(await another(here)).toContain("429");
  first.send(answer === "" ? DONE : "output");
  await expect.poll(() => here.gateway.starts.of("anna")).toBe(1);
  expect(await another(here)).toContain("200");
});

test("who may not start one more is told so, and what else is to be done is done", async () => {
  const notStarted = vi.fn(async () => {});
  const here = await make(async (body) => ({ ...allow(body), notStarted }), { startsPerClient: 1 });
  expect(await another(here)).toContain("200");
  const docker = await left(here);
  expect(notStarted).not.toHaveBeenCalled();
  expect(await another(here)).toContain("429");
  expect(notStarted).toHaveBeenCalledOnce();
  docker.end();
});

test("an answered start counts no longer, and neither does one whose connection dockerd closes", async () => {
  const here = await make(undefined, { startsPerClient: 1 });
  for (let turn = 0; turn < 3; turn++) expect(await another(here)).toContain("200");
  const docker = await left(here);
  expect(await another(here)).toContain("429");
  docker.end();
  await expect.poll(() => here.gateway.starts.of("anna")).toBe(0);
  expect(await another(here)).toContain("200");
  expect(here.gateway.starts.of("anna")).toBe(0);
});
