/** Words that are a docker context, a DOCKER_HOST, or something else that looks like one. */
import { describe, expect, test } from "vitest";
import { keepLine, VisitWorld } from "../../../test/support/app/visit-world.ts";
import { hostFacts } from "../../../test/support/host-facts.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { examine } from "./examine.ts";
import { findTargets } from "./target.ts";

async function withLine(over: Parameters<typeof keepLine>[1] = {}): Promise<VisitWorld> {
  const world = new VisitWorld();
  await keepLine(world.lines, over);
  return world;
}

async function targetOf(world: VisitWorld, word: string) {
  const [found] = await findTargets(world.ports, { words: [word], local: false });
  const { line, ...target } = found ?? expect.fail("no target");
  return { ...target, line: line?.name ?? null };
}

describe("a docker context", () => {
  test.each([
    ["tcp://192.0.2.9:2375", { way: undefined, host: "192.0.2.9", only: 2375, line: null }],
    ["tcp://192.0.2.7:2376", { way: "core@vps", host: "192.0.2.7", only: 2376, line: "vps" }],
    ["tcp://192.0.2.7", { way: "core@vps", host: "192.0.2.7", only: null, line: "vps" }],
    ["tcp://192.0.2.9", { way: undefined, host: "192.0.2.9", only: null, line: null }],
    ["unix:///var/run/docker.sock", { way: null, host: null, only: null, line: null }],
    ["ssh://root@other", { way: "ssh://root@other", only: null, line: null }],
  ])("to %s is inspected there, under its own name", async (host, expected) => {
    const world = await withLine();
    world.contexts.set("prod", host);
    expect(await targetOf(world, "prod")).toMatchObject({ name: "prod", ...expected });
  });

  test("is not looked for if a line has the name, or if docker would not accept the name", async () => {
    const world = await withLine();
    for (const word of ["vps", "a", "root@prod", "prod@root", "_prod"])
      world.contexts.set(word, "tcp://192.0.2.9:1");
    expect(await targetOf(world, "vps")).toMatchObject({ way: "core@vps", only: null });
    for (const word of ["a", "root@prod", "prod@root"])
      expect(await targetOf(world, word)).toMatchObject({ way: word, only: null });
    expect(await targetOf(world, "_prod")).toMatchObject({ only: null });
  });

  test("default is DOCKER_HOST, or the local socket", async () => {
    const world = await withLine();
    expect(await targetOf(world, "default")).toMatchObject({ name: "default", way: null, host: null });
    for (const [value, expected] of [
      ["", { way: null }],
      ["tcp://192.0.2.9:2375", { host: "192.0.2.9", only: 2375 }],
    ] as const) {
      const ports = { ...world.ports, env: { DOCKER_HOST: value } };
      const [target] = await findTargets(ports, { words: ["default"], local: false });
      expect(target).toMatchObject({ name: "default", ...expected });
    }
  });
});

test("a DOCKER_HOST as an argument", async () => {
  const world = await withLine();
  expect(await targetOf(world, "tcp://192.0.2.9:2375")).toMatchObject({ host: "192.0.2.9", only: 2375 });
  expect(await targetOf(world, "unix:///run/docker.sock")).toMatchObject({ way: null });
});

test("this machine has the line without a destination, not one over ssh", async () => {
  const world = await withLine();
  const local = async () => (await findTargets(world.ports, { words: [], local: true }))[0];
  expect(await local()).toMatchObject({ line: null, host: null, way: null });
  await keepLine(world.lines, { name: "here", target: null, address: "192.0.2.50" });
  expect(await local()).toMatchObject({ line: { name: "here" }, host: "192.0.2.50" });
});

test("a target that is named twice: the error names it and says what to do", async () => {
  const failure = findTargets((await withLine()).ports, { words: ["a", "vps", "vps"], local: false });
  await expect(failure).rejects.toMatchObject({
    ...{ code: "USAGE", message: '"vps" is named twice', hints: ["name each target once"] },
  });
});

describe("addresses that are probed", () => {
  const ports = (world: VisitWorld) => Object.keys(world.probed());
  const request = { words: [], local: false, ssh: false, ports: [] };

  test("of a named endpoint, none of its line's other addresses", async () => {
    const world = await withLine({ addresses: ["192.0.2.7", "192.0.2.8"] });
    await examine(world.ports, { ...request, words: ["192.0.2.7:2376"] });
    expect(ports(world)).toEqual(["192.0.2.7:2376"]);
  });

  test("where the host was reached before, with the name in its certificate", async () => {
    const { host } = sampleLine();
    const addresses = ["192.0.2.7", "vps.example"];
    const world = await withLine({ addresses, host: { ...host, reachedAt: ["192.0.2.99"] } });
    await examine(world.ports, request);
    expect(ports(world)).toContain("192.0.2.99:2376");
    expect(ports(world).join()).not.toContain("vps.example");
    const item = world.surveys.flat().find(({ planned }) => planned.endpoint.host === "192.0.2.99");
    expect(item?.planned).toMatchObject({ serverName: "192.0.2.7" });
  });

  test("of this machine without a line, each by its own name", async () => {
    const world = new VisitWorld();
    world.facts = hostFacts({}, { addresses: ["192.0.2.50"] });
    await examine(world.ports, { ...request, local: true, ssh: undefined });
    expect(world.surveys[0]?.[0]?.planned).toMatchObject({ serverName: "192.0.2.50" });
  });

  test("are counted while they are probed", async () => {
    const world = await withLine();
    await examine(world.ports, request);
    expect(world.events).toContainEqual({ kind: "probing", done: 2, of: 2 });
  });
});
