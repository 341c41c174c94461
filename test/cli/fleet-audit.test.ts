/** The audit logs of three gateways as one: what is shown, kept and noticed on the operator's machine. */

import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ENGINE_VERSION } from "./fake-engine.ts";
import { fleetStage, statusOf } from "./fleet-stage.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

let laptop: LaptopStage;
let one: GatewayStage;
let two: GatewayStage;
let three: GatewayStage;

const tetherdock = async (...args: string[]) => {
  const { stdout, stderr, status } = await laptop.run("tetherdock", ...args);
  return { stdout, stderr, status };
};
const audit = (...args: string[]) => tetherdock("fleet", "audit", ...args);

beforeAll(async () => {
  laptop = makeLaptopStage();
  [one, two, three] = await Promise.all([
    startGateway(laptop, "one", "host-one"),
    startGateway(laptop, "two", "host-two"),
    startGateway(laptop, "three", "host-three"),
  ]);
  await tetherdock("fleet", "init", "acme");
  expect(await tetherdock("fleet", "join", "one", "two", "three")).toMatchObject({ status: 0, stderr: "" });
}, 60_000);
afterAll(async () => {
  await Promise.all([one, two, three].map((host) => host?.stop()));
  laptop?.remove();
});

interface Shown {
  readonly host: string;
  readonly time: string;
  readonly operation: string | null;
  readonly target: string;
}
const shown = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Shown);
const stops = (stdout: string) =>
  shown(stdout)
    .filter(({ operation, target }) => operation === "ContainerStop" && target.includes("/s"))
    .map(({ host, target }) => `${host} ${target}`);

test("records of all hosts come in order of time, each once, and are kept", async () => {
  for (const [at, host] of [one, two, three, two, one].entries())
    expect(await host.ask("POST", `/v1.41/containers/s${at}/stop`)).toBeLessThan(500);
  const expected = ["one", "two", "three", "two", "one"].map(
    (host, at) => `${host} /v1.41/containers/s${at}/stop`,
  );
  // its start and its end
  const twice = expected.flatMap((line) => [line, line]);
  for (const _ of [1, 2]) {
    const { stdout, status } = await audit("--json");
    expect(status).toBe(0);
    expect(stops(stdout)).toEqual(twice);
    const times = shown(stdout).map(({ time }) => time);
    expect(times).toEqual(times.toSorted());
  }
  const only = await audit("--json", "--host", "two");
  expect(new Set(shown(only.stdout).map(({ host }) => host))).toEqual(new Set(["two"]));
  expect((await audit("--client", "anna@laptop")).stdout).toMatch(/^three {9}\S+Z {2}anna@laptop/m);
  expect(await audit("verify")).toMatchObject({ status: 0, stderr: "" });
});

test("status says how much of each log is not copied yet, and what its gateway, engine and certificate are", async () => {
  interface Details {
    gateway: string | null;
    engine: string | null;
    certificateDays: number | null;
    auditBehind: number | null;
    problems: string[];
  }
  const details = async (): Promise<Details[]> => {
    const { stdout } = await tetherdock("fleet", "status", "--json");
    return (JSON.parse(stdout) as { hosts: { details: Details }[] }).hosts.map((one) => one.details);
  };
  await audit("fetch");
  const [before, version] = [await details(), (await tetherdock("version", "--json")).stdout];
  for (const one of before)
    expect(one).toMatchObject({
      gateway: (JSON.parse(version) as { tetherdock: string }).tetherdock,
      engine: ENGINE_VERSION,
      certificateDays: expect.any(Number),
      problems: [],
    });
  for (let at = 0; at < 20; at++) await two.ask("POST", `/v1.41/containers/behind${at}/stop`);
  const grown = (await details()).map((one, at) => (one.auditBehind ?? 0) - (before[at]?.auditBehind ?? 0));
  // Each request has two records of more than 200 bytes; asking for the status has one or two.
  expect(grown[1]).toBeGreaterThan(20 * 400);
  expect(grown[0]).toBeLessThan(4_000);
  await audit("fetch");
  expect((await details())[1]?.auditBehind).toBeLessThan(4_000);
  const { stdout } = await tetherdock("fleet", "status");
  expect(stdout).toMatch(/^HOST +VERSION +ENDS +GATEWAY +ENGINE +CERTIFICATE +NOT FETCHED +REMARKS$/m);
  await two.pause();
  const table = (await tetherdock("fleet", "status")).stdout;
  await two.resume();
  expect(table).toMatch(new RegExp(`^one .*${ENGINE_VERSION}`, "m"));
  expect(table).toMatch(/^two +- +- +- +- +- +- +the gateway at /m);
});

test("-f prints new records of every host as they come", async () => {
  const following = laptop.spawn("tetherdock", ["fleet", "audit", "-f", "--json"]);
  let text = "";
  following.stdout?.on("data", (bytes) => {
    text += bytes;
  });
  const seen = (target: string) =>
    expect
      .poll(
        async () => {
          for (const host of [one, two, three]) await host.ask("POST", `/v1.41/containers/${target}/stop`);
          return new Set(
            text
              .split("\n")
              .filter((line) => line.includes(target))
              .map((line) => /"host":"(\w+)"/.exec(line)?.[1]),
          );
        },
        { timeout: 20_000 },
      )
      .toEqual(new Set(["one", "two", "three"]));
  await seen("followed");
  const over = new Promise((resolve) => following.on("close", resolve));
  following.kill("SIGINT");
  await over;
});

test("of a host that is away the copied records are shown, and it is named", async () => {
  await two.pause();
  const { stdout, stderr, status } = await audit("--json");
  expect(status).toBe(1);
  expect(stderr).toMatch(/^warning: two: /m);
  expect(stops(stdout)).toContain("two /v1.41/containers/s1/stop");
  expect(await audit("fetch")).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/why: two: .*[\s\S]*FLEET_AUDIT_INCOMPLETE/),
  });
  await two.resume();
  expect((await audit("fetch")).status).toBe(0);
});

test("of a client, the list's entry and what it did on each host are shown, also where a host is away", async () => {
  const { enrol } = fleetStage(() => laptop);
  const eve = await enrol("eve");
  for (const host of [one, one, two]) expect(await statusOf(eve(host))).toBe(200);
  const [answer] = await once(eve(one, "/secrets"), "response");
  answer.resume();
  expect(answer.statusCode).toBe(403);
  const show = (...args: string[]) => tetherdock("fleet", "client", "show", ...args);
  const { stdout, stderr, status } = await show("eve");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(
    /^eve {2}viewer, active\n {2}key {10}[0-9a-f]{64}\n {2}access ends {2}with its certificate\n {2}may /,
  );
  expect(stdout).toMatch(/^one .* from .* +2 +0 +0 +1$/m);
  expect(stdout).toMatch(/^two .* from .* +1 +0 +0 +0$/m);
  expect(stdout).toMatch(/^three +no record +0 +0 +0 +0$/m);
  await two.pause();
  const away = await show("eve", "--json");
  await two.resume();
  expect(away).toMatchObject({ status: 1, stderr: "" });
  expect(JSON.parse(away.stdout)).toMatchObject({
    ...{ name: "eve", role: "viewer" },
    hosts: [
      { host: "one", activity: { reads: 2, refused: { count: 1 } }, readUntil: null },
      { host: "two", activity: { reads: 1 }, error: { code: "GATEWAY_UNREACHABLE" } },
      { host: "three", activity: { reads: 0, lastSeen: null } },
    ],
  });
  expect(await show("eva")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('there is no client "eva" in the fleet acme'),
  });
}, 60_000);

test("a host that begins its log anew is found, and what it has deleted is still here", async () => {
  await three.pause();
  rmSync(three.directory, { recursive: true });
  await three.resume();
  const { stdout, stderr, status } = await audit("verify", "--json");
  expect(status).toBe(1);
  const { hosts } = JSON.parse(stdout) as { hosts: { host: string; log: { ok: boolean } | null }[] };
  expect(hosts.map(({ host, log }) => [host, log?.ok])).toEqual([
    ["one", true],
    ["two", true],
    ["three", false],
  ]);
  expect(stderr).toBe("");
  expect((await audit("verify")).stderr).toMatch(/why: three: audit-0{7}1.jsonl: "has \d+ bytes on the host/);
  expect(stops((await audit("--json", "--host", "three")).stdout)).toContain(
    "three /v1.41/containers/s2/stop",
  );
});

test("the copies are readable by their owner only", async () => {
  const { stdout } = await laptop.run("find", join(laptop.home, "fleets"), "-perm", "/077");
  expect(stdout).toBe("");
});
