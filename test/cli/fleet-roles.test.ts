/** Two gateways whose fleet has roles: what its clients may do, when a role changes, and what a host's own roles hide. */
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fleetStage, statusOf } from "./fleet-stage.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

let laptop: LaptopStage;
let hosts: readonly [GatewayStage, GatewayStage];

const { fleet, enrol } = fleetStage(() => laptop);

beforeAll(async () => {
  laptop = makeLaptopStage();
  hosts = [await startGateway(laptop, "one", "host-one"), await startGateway(laptop, "two", "host-two")];
  expect(await fleet("init", "acme")).toMatchObject({ status: 0 });
  expect(await fleet("join", "one", "two")).toMatchObject({ status: 0, stderr: "" });
}, 60_000);
afterAll(async () => {
  await Promise.all((hosts ?? []).map((host) => host.stop()));
  laptop?.remove();
});

/** A role file. @param deny operations that it takes away from a viewer */
function roleFile(name: string, ...deny: readonly string[]): string {
  const path = join(laptop.home, `${name}.yaml`);
  const file = { version: 1, name, extends: "viewer", operations: { deny } };
  writeFileSync(path, JSON.stringify(file));
  return path;
}

const has = (name: string, role: string) => fleet("client", "role", name, role);

test("a role of the fleet is in force on every host, and a change of it cuts whoever has it, and nobody else", async () => {
  expect(await fleet("role", "apply", roleFile("web-team", "ContainerList"))).toMatchObject({
    status: 0,
    stderr: "web-team: new\n",
  });
  const [vera, walt] = [await enrol("vera"), await enrol("walt")];
  expect(await has("vera", "web-team")).toMatchObject({ status: 0 });
  for (const host of hosts) {
    expect(await statusOf(vera(host))).toBe(403);
    expect(await statusOf(vera(host, "/_ping"))).toBe(200);
  }
  const open = vera(hosts[0], "/events");
  const other = walt(hosts[0], "/events");
  const [[veras], [walts]] = await Promise.all([once(open, "response"), once(other, "response")]);
  const ended = new Promise((resolve) =>
    veras
      .on("error", () => {})
      .on("close", resolve)
      .resume(),
  );
  let isWaltOut = false;
  walts.on("close", () => {
    isWaltOut = true;
  });
  const path = roleFile("web-team");
  const asked = await fleet("role", "apply", path);
  expect([asked.status, asked.stderr]).toEqual([
    3,
    expect.stringContaining("opens ContainerList: from refused to"),
  ]);
  const changed = await fleet("role", "apply", path, "--yes", "--json");
  await ended;
  const told = JSON.parse(changed.stdout) as { hosts: { receipt: { cut: { client: string }[] } }[] };
  expect(told.hosts.map(({ receipt }) => receipt.cut.map(({ client }) => client))).toEqual([["vera"], []]);
  for (const host of hosts) expect(await statusOf(vera(host))).toBe(200);
  expect(isWaltOut).toBe(false);
  other.destroy();
  expect(await fleet("role", "apply", path)).toMatchObject({ status: 0, stderr: "web-team: unchanged\n" });
}, 60_000);

test("a host's own role of the same name counts there, and the table says what it hides", async () => {
  const vera = await enrol("vera-two");
  await has("vera-two", "web-team");
  const own = await laptop.run(
    "tetherdock",
    "policy",
    "apply",
    roleFile("web-team", "ContainerList"),
    "--line",
    "two",
  );
  expect(own).toMatchObject({ status: 0 });
  expect([await statusOf(vera(hosts[0])), await statusOf(vera(hosts[1]))]).toEqual([200, 403]);
  expect((await fleet("status")).stdout).toContain("a role of its own hides web-team");
  expect(await laptop.run("tetherdock", "policy", "rm", "web-team", "--line", "two")).toMatchObject({
    status: 0,
  });
  expect(await statusOf(vera(hosts[1]))).toBe(200);
  expect((await fleet("status")).stdout).not.toContain("hides");
}, 60_000);

test("on a host, policy and client know the fleet's role, and cannot change it", async () => {
  const on = (...words: string[]) => laptop.run("tetherdock", ...words, "--line", "one");
  expect((await on("policy", "ls")).stdout).toMatch(/web-team +viewer/);
  expect((await on("policy", "show", "web-team")).stdout).toContain("extends: viewer");
  expect(await on("policy", "rm", "web-team")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("tetherdock fleet role rm web-team"),
  });
  const explained = await laptop.run(
    ...["tetherdock", "policy", "explain", "--client", "vera", "--line", "one", "--", "docker", "ps"],
  );
  expect(explained.stdout).toMatch(/ContainerList +allowed/);
}, 60_000);

test("a role that a client has is kept; one that nobody has is gone from every host", async () => {
  const { status, stderr } = await fleet("role", "rm", "web-team");
  expect([status, stderr]).toEqual([3, expect.stringContaining("clients have the role web-team: vera")]);
  expect(await fleet("role", "apply", roleFile("old-team"))).toMatchObject({ status: 0 });
  expect(await fleet("role", "rm", "old-team")).toMatchObject({ status: 0 });
  expect((await laptop.run("tetherdock", "policy", "ls", "--line", "one")).stdout).not.toContain("old-team");
}, 60_000);
