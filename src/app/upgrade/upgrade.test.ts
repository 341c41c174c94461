/** Which lines are upgraded and how, over the ports of `up` without a host or a network. */
import { expect, test } from "vitest";
import { carriedOut } from "../../../test/support/app/carried-out.ts";
import { failureOf } from "../../../test/support/app/change.ts";
import { upRequest, upWorld, type World } from "../../../test/support/app/up-world.ts";
import { sampleLine } from "../../../test/support/sample-line.ts";
import { TetherdockError } from "../../base/index.ts";
import { type UpPorts, up } from "../up/index.ts";
import { type Upgraded, type UpgradePorts, type UpgradeRequest, upgrade } from "./upgrade.ts";

/** A laptop with the line `vps`, whose host is there, and lines to hosts that are not. */
async function stage(...others: readonly string[]) {
  const world = upWorld();
  const { prepared } = await up(world.ports, upRequest({ gateway: true }));
  world.host.state = carriedOut(world.host, prepared);
  for (const [at, name] of others.entries()) {
    const id = String(at).padStart(16, "f");
    const address = `192.0.2.${50 + at}`;
    const line = sampleLine({ name, id, target: `core@${name}`, address, addresses: [address] });
    world.lines.keep(line);
  }
  for (const list of [world.host.ran, world.events, world.asked, world.opened]) list.length = 0;
  const told: string[] = [];
  const open = world.ports.open;
  const reachable: UpPorts = {
    ...world.ports,
    open: (target) => {
      if (target === "core@vps") return open(target);
      world.opened.push(target);
      throw new TetherdockError("SSH_TIMEOUT", `${target} does not answer`);
    },
  };
  const ports: UpgradePorts = {
    up: () => reachable,
    lines: world.ports.lines,
    env: {},
    begin: (name, at, of) => told.push(`${name} ${at}/${of}`),
    done: ({ name }) => told.push(`${name} done`),
  };
  return { world, ports, told };
}

const asked = (over: Partial<UpgradeRequest> = {}): UpgradeRequest => ({
  ...{ names: [], all: false, atOnce: 1, confirmWithin: 120_000, dryRun: false },
  ...over,
});

const shortly = (results: readonly Upgraded[]) =>
  results.map((one) => [one.name, "error" in one ? one.error.code : one.result.kind]);

/** The program of a newer tetherdock. */
function newerProgram(world: World, ports: UpgradePorts): UpgradePorts {
  const [old] = world.host.state.gateway.programs.keys();
  const file = { path: old ?? "", sha256: "bb", bytes: 1000, packedBytes: 400 };
  const payload = () => ({ bytes: file.packedBytes, read: async function* () {} });
  const own = ports.up("vps");
  const laptop = { ...own.laptop, findExecutable: async () => ({ files: [file], payload }) };
  return { ...ports, up: () => ({ ...own, laptop }) };
}

test("upgrades all lines in order, also after a failure", async () => {
  const { world, ports, told } = await stage("build", "web");
  const results = await upgrade(ports, asked({ all: true }));
  expect(shortly(results)).toEqual([
    ["build", "SSH_TIMEOUT"],
    ["vps", "proven"],
    ["web", "SSH_TIMEOUT"],
  ]);
  expect(told).toEqual(["build 1/3", "build done", "vps 2/3", "vps done", "web 3/3", "web done"]);
  expect(world.opened).toEqual(["core@build", "core@vps", "core@web"]);
});

test("a gateway gets the program of this tetherdock, and stays a gateway", async () => {
  const { world, ports } = await stage();
  const [one] = await upgrade(newerProgram(world, ports), asked());
  expect(one).toMatchObject({
    name: "vps",
    result: { changed: true, prepared: { line: { mode: "gateway" }, plan: { gateway: "restart" } } },
  });
  expect(world.host.ran).toContain("send");
  expect(world.host.ran).not.toContain("restart-docker");
});

test("without anything newer, nothing is asked or sent", async () => {
  const { world, ports } = await stage();
  expect(await upgrade(ports, asked())).toMatchObject([{ result: { kind: "proven", changed: false } }]);
  expect([world.asked, world.host.ran.includes("send")]).toEqual([[], false]);
});

test("a dry run shows plans, and changes nothing", async () => {
  const { world, ports } = await stage();
  expect(shortly(await upgrade(newerProgram(world, ports), asked({ dryRun: true })))).toEqual([
    ["vps", "planned"],
  ]);
  expect(world.host.ran).not.toContain("send");
});

test("a no to a plan ends the command", async () => {
  const { world, ports } = await stage("web");
  world.answer = false;
  const results = await upgrade(newerProgram(world, ports), asked({ all: true }));
  expect(shortly(results)).toEqual([["vps", "INTERRUPTED"]]);
});

test("a repeated name counts once; an unknown one is an error before any host is contacted", async () => {
  const { world, ports } = await stage("web");
  expect(shortly(await upgrade(ports, asked({ names: ["vps", "vps"] })))).toEqual([["vps", "proven"]]);
  world.opened.length = 0;
  expect(await failureOf(upgrade(ports, asked({ names: ["vps", "nosuch"] })))).toMatchObject({
    code: "LINE_UNKNOWN",
  });
  expect(world.opened).toEqual([]);
});

test.each<[string, Partial<UpgradeRequest>, string]>([
  ["--all and names", { all: true, names: ["vps"] }, "USAGE"],
  ["several lines, and none is named", {}, "LINE_AMBIGUOUS"],
])("%s", async (_what, over, code) => {
  const { ports } = await stage("web");
  expect((await failureOf(upgrade(ports, asked(over)))).code).toBe(code);
});

test("--all and names: the hints are both possible commands", async () => {
  const { ports } = await stage("web");
  expect((await failureOf(upgrade(ports, asked({ all: true, names: ["vps", "web"] })))).hints).toEqual([
    "tetherdock upgrade --all",
    "tetherdock upgrade vps web",
  ]);
});

test("up is asked for what the line has, and for nothing else", async () => {
  const { ports } = await stage();
  const [one] = await upgrade(ports, asked({ dryRun: true, confirmWithin: 60_000 }));
  expect(one && "result" in one && one.result.prepared.request).toStrictEqual(
    upRequest({ name: "vps", dryRun: true, confirmWithin: 60_000 }),
  );
});

test("the line of this machine is upgraded without ssh", async () => {
  const { world, ports } = await stage();
  const here = { address: "192.0.2.60", addresses: ["192.0.2.60"] };
  world.lines.keep(sampleLine({ ...here, name: "here", id: "f".repeat(16), target: null }));
  expect(shortly(await upgrade(ports, asked({ names: ["here"] })))).toEqual([["here", "SSH_TIMEOUT"]]);
  expect(world.opened).toEqual([null]);
});

test("a line that was joined is an error of its own, its host is not contacted, and the others go on", async () => {
  const { world, ports } = await stage();
  const elsewhere = { address: "192.0.2.60", addresses: ["192.0.2.60"] };
  const joined = sampleLine({ ...elsewhere, name: "theirs", id: "f".repeat(16), target: null, joined: true });
  world.lines.keep(joined);
  const results = await upgrade(ports, asked({ all: true }));
  expect(shortly(results)).toEqual([
    ["theirs", "LINE_JOINED"],
    ["vps", "proven"],
  ]);
  expect(results[0]).toMatchObject({
    error: {
      why: [expect.stringContaining("joined or imported")],
      hints: [expect.stringContaining("invited")],
    },
  });
  expect(world.opened).toEqual(["core@vps"]);
});

test("several hosts at a time: the results are in order, and no line is begun after an interruption", async () => {
  const { ports, told } = await stage("build", "web", "zoo");
  const gate = Promise.withResolvers<never>();
  const interrupted = new TetherdockError("INTERRUPTED", "interrupted");
  const open = (target: string) => {
    if (target === "core@vps") gate.reject(interrupted);
    return gate.promise;
  };
  const up = () => ({ ...ports.up("vps"), open });
  const results = await upgrade({ ...ports, up }, asked({ all: true, atOnce: 2 }));
  expect(shortly(results)).toEqual([
    ["build", "INTERRUPTED"],
    ["vps", "INTERRUPTED"],
  ]);
  expect(told.slice(0, 2)).toEqual(["build 1/4", "vps 2/4"]);
  expect(told).toHaveLength(4);
});

test("a bug is no result of a line: it ends the command", async () => {
  const { ports } = await stage("web");
  const bug = new Error("a bug");
  const open = () => Promise.reject(bug);
  expect(
    await failureOf(upgrade({ ...ports, up: () => ({ ...ports.up("web"), open }) }, asked({ all: true }))),
  ).toBe(bug);
});

test("--all without a line is an error", async () => {
  const world = upWorld();
  const { lines } = world.ports;
  const ports: UpgradePorts = { up: () => world.ports, lines, env: {}, begin: () => {}, done: () => {} };
  expect((await failureOf(upgrade(ports, asked({ all: true })))).code).toBe("LINE_NONE");
});
