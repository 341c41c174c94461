/** Volumes that dockerd fills while it creates a container: they are held until it has answered, whatever the client does. */
import { expect, test } from "vitest";
import type { Judge } from "../../src/policy/index.ts";
import { allow, judgingTests, sized } from "./support/judging.ts";

const { make } = judgingTests();
const MADE = "HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}";

type Here = Awaited<ReturnType<typeof make>>;

/** Begins to fill the volume `data`, as creating a container does. A body of `no` is refused. */
const filling: Judge["judge"] = (body, _call, { engine }) => {
  engine.fills.begin("data");
  return body.toString() === "no" ? { allow: false, rule: "test-no", reason: "no" } : allow(body);
};

const isHeld = (here: Here): boolean => here.gateway.fills.ofRequest().isBegun("data");

async function begun(here: Here) {
  const client = await here.connect();
  client.send(sized("yes"));
  const docker = await here.docker.next();
  await docker.sees("yes");
  expect(isHeld(here)).toBe(true);
  return { client, docker };
}

test("a volume is held until dockerd answers", async () => {
  const here = await make(filling);
  const { client, docker } = await begun(here);
  docker.send(MADE);
  await client.sees("201");
  await expect.poll(() => isHeld(here)).toBe(false);
});

test("a client that leaves meanwhile does not end it: dockerd goes on copying", async () => {
  const here = await make(filling);
  const { docker } = await begun(here);
  here.cutAll("the client has left");
  expect(isHeld(here)).toBe(true);
  docker.send(MADE);
  await expect.poll(() => isHeld(here)).toBe(false);
});

test("it ends when dockerd closes the connection", async () => {
  const here = await make(filling);
  const { docker } = await begun(here);
  docker.end();
  await expect.poll(() => isHeld(here)).toBe(false);
});

test("a request that is refused fills nothing", async () => {
  const here = await make(filling);
  const client = await here.connect();
  client.send(sized("no"));
  await client.sees("403");
  expect(isHeld(here)).toBe(false);
});

test("a client that leaves while its request is judged fills nothing, also if the judge goes on", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const here = await make(async (body, call, asking) => {
    asking.engine.fills.begin("other");
    await promise;
    return filling(body, call, asking);
  });
  const client = await here.connect();
  client.send(sized("yes"));
  await expect.poll(() => here.gateway.fills.ofRequest().isBegun("other")).toBe(true);
  here.cutAll("the client has left");
  expect(here.gateway.fills.ofRequest().isBegun("other")).toBe(false);
  resolve();
  await promise;
  expect(isHeld(here)).toBe(false);
});
