import { expect, test } from "vitest";
import { keepLine, VisitWorld } from "../../../test/support/app/visit-world.ts";
import { findTargets } from "./target.ts";

async function found(word: string, contexts: Readonly<Record<string, string>> = {}) {
  const world = new VisitWorld();
  await keepLine(world.lines);
  for (const [name, host] of Object.entries(contexts)) world.contexts.set(name, host);
  const [target] = await findTargets(world.ports, { words: [word], local: false });
  return target && { ...target, line: target.line?.name ?? null };
}

test("a value of DOCKER_HOST is what the docker CLI would connect to", async () => {
  const endpoint = { host: "192.0.2.7", only: 2376, line: "vps" };
  expect(await found("tcp://192.0.2.7:2376")).toMatchObject({ ...endpoint, name: "tcp://192.0.2.7:2376" });
  expect(await found("https://192.0.2.7:2376/v1.41")).toMatchObject(endpoint);
  expect(await found("tcp://192.0.2.7")).toMatchObject({ host: "192.0.2.7", only: null, line: "vps" });
  expect(await found("tcp://[2001:db8::9]:2375")).toMatchObject({
    host: "2001:db8::9",
    only: 2375,
    line: null,
  });
  expect(await found("unix:///run/docker.sock")).toMatchObject({
    way: null,
    name: "unix:///run/docker.sock",
  });
  expect(await found("ssh://core@[2001:db8::9]")).toMatchObject({ way: "core@2001:db8::9" });
});

test("a docker context is where it points; a line of that name comes first, a host last", async () => {
  const contexts = { shop: "tcp://192.0.2.9:2375", vps: "tcp://192.0.2.9:2375" };
  expect(await found("shop", contexts)).toMatchObject({
    name: "shop",
    host: "192.0.2.9",
    only: 2375,
    line: null,
  });
  expect(await found("vps", contexts)).toMatchObject({ name: "vps", host: "192.0.2.7", line: "vps" });
  expect(await found("other", contexts)).toMatchObject({ way: "other", host: "other" });
  expect(await found("default")).toMatchObject({ name: "default", way: null });
});
