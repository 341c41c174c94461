/** Three gateways with one signed list: who gets in on each, whatever becomes of one of them. */
import { once } from "node:events";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fleetStage, statusOf } from "./fleet-stage.ts";
import { type GatewayStage, startGateway } from "./gateway-stage.ts";
import { type LaptopStage, makeLaptopStage } from "./laptop-stage.ts";

let laptop: LaptopStage;
let hosts: readonly GatewayStage[];

const { fleet, enrol } = fleetStage(() => laptop);

beforeAll(async () => {
  laptop = makeLaptopStage();
  hosts = await Promise.all(
    ["one", "two", "three"].map((line) => startGateway(laptop, line, `host-${line}`)),
  );
  expect(await fleet("init", "acme")).toMatchObject({ status: 0, stdout: "acme\n" });
  expect(await fleet("join", "one", "two", "three")).toMatchObject({ status: 0, stderr: "" });
}, 60_000);
afterAll(async () => {
  await Promise.all((hosts ?? []).map((host) => host.stop()));
  laptop?.remove();
});

test("one client, one certificate, every host; a change of the list cuts nobody else", async () => {
  const vera = await enrol("vera");
  for (const host of hosts) expect(await statusOf(vera(host))).toBe(200);
  const listed = await laptop.run("tetherdock", "client", "ls", "--line", "one");
  expect(listed.stdout).toMatch(/^CLIENT +LIST +ROLE .*\n(?:.*\n)*vera +fleet +viewer /);
  expect(listed.stdout).toMatch(/^\S+ +host +admin /m);
  const shown = await laptop.run("tetherdock", "client", "show", "vera", "--line", "one");
  expect(shown.stdout).toContain("the fleet's; its operators change it: tetherdock fleet client");
  const watching = vera(hosts[0] as GatewayStage, "/events");
  const [answer] = await once(watching, "response");
  let isOver = false;
  answer.on("close", () => {
    isOver = true;
  });
  await enrol("walt");
  expect(await fleet("push")).toMatchObject({ status: 0 });
  expect(await statusOf(vera(hosts[0] as GatewayStage))).toBe(200);
  expect(isOver).toBe(false);
  watching.destroy();
});

test("a revocation comes back when every host has cut the client's connections, with receipts", async () => {
  const eve = await enrol("eve");
  const streams = await Promise.all(hosts.map((host) => once(eve(host, "/events"), "response")));
  const ended = Promise.all(
    streams.map(
      ([answer]) =>
        new Promise((resolve) =>
          answer
            .on("error", () => {})
            .on("close", resolve)
            .resume(),
        ),
    ),
  );
  const { status, stdout } = await fleet("client", "revoke", "eve", "--json");
  await ended;
  expect(status).toBe(0);
  const told = JSON.parse(stdout) as { hosts: { receipt: { cut: { client: string }[]; open: number } }[] };
  expect(told.hosts.map(({ receipt }) => [receipt.cut.map(({ client }) => client), receipt.open])).toEqual([
    [["eve"], 0],
    [["eve"], 0],
    [["eve"], 0],
  ]);
  for (const host of hosts) expect(await statusOf(eve(host))).toBe(403);
});

test("a host that is away is named; it gets the list later, and keeps it over a restart", async () => {
  const [, two] = hosts as [GatewayStage, GatewayStage];
  const mallory = await enrol("mallory");
  await two.pause();
  const revoked = await fleet("client", "revoke", "mallory");
  expect(revoked.status).toBe(1);
  expect(revoked.stderr).toMatch(
    /version \d+ of the fleet's list is missing on 1 of 3 hosts\n {2}why: two: (.|\n)*FLEET_INCOMPLETE/,
  );
  await two.resume();
  // Its own copy from before: the host cannot know better yet.
  expect(await statusOf(mallory(two))).toBe(200);
  expect((await fleet("status")).status).toBe(1);
  expect((await fleet("push")).status).toBe(0);
  expect(await statusOf(mallory(two))).toBe(403);
  await two.pause();
  await two.resume();
  expect(await statusOf(mallory(two))).toBe(403);
});

/** What an admin of a host sends, past tetherdock: any version of the list that was ever published. */
async function replay(host: GatewayStage, version: string): Promise<{ status: number; body: string }> {
  const lists = join(laptop.home, "fleets/acme/lists");
  const { documents } = JSON.parse(readFileSync(join(lists, version), "utf8")) as { documents: unknown };
  const read = (one: string) => readFileSync(join(laptop.home, "lines", host.line, "docker", one), "utf8");
  const asking = request({
    ...{ host: "127.0.0.1", port: host.port, method: "PUT", path: "/tetherdock/v1/fleet", agent: false },
    ...{ ca: read("ca.pem"), cert: read("cert.pem"), key: read("key.pem") },
  });
  asking.end(JSON.stringify(documents));
  const [answer] = await once(asking, "response");
  return { status: answer.statusCode, body: await text(answer) };
}

test("a host takes no older list, from whoever is its admin", async () => {
  const [one] = hosts as [GatewayStage];
  const versions = readdirSync(join(laptop.home, "fleets/acme/lists")).toSorted();
  expect(await replay(one, versions[1] ?? "")).toMatchObject({
    status: 409,
    body: expect.stringMatching(/version 2 is less than current version/),
  });
  expect(await replay(one, versions.at(-1) ?? "")).toMatchObject({ status: 200 });
});

test("an operator's key and the CA's are readable by their owner only", async () => {
  const { stdout } = await laptop.run("find", join(laptop.home, "fleets"), "-perm", "/077");
  expect(stdout).toBe("");
});

test("a fleet of another operator gets no host of this one", async () => {
  expect((await fleet("init", "rival")).status).toBe(0);
  const { status, stderr } = await fleet("join", "one", "--fleet", "rival");
  expect([status, stderr]).toEqual([3, expect.stringContaining("is in the fleet acme")]);
});

test("a gateway that cannot read what its fleet has revoked does not start", async () => {
  const three = hosts[2] as GatewayStage;
  await three.pause();
  writeFileSync(join(three.folder, "fleet.json"), '{"version":2}');
  const config = join(three.folder, "gateway.json");
  const { status, stderr } = await laptop.run("tetherdock", "gateway", "run", "--config", config);
  expect([status, stderr]).toEqual([3, expect.stringContaining("GATEWAY_FLEET_BROKEN")]);
});

test("an operator without a copy of the fleet: a host that an admin has taken out by hand joins a new fleet", async () => {
  const three = hosts[2] as GatewayStage;
  rmSync(join(three.folder, "fleet.json"));
  await three.resume();
  const joined = await fleet("join", "three", "--fleet", "rival");
  expect(joined, joined.stderr).toMatchObject({ status: 0 });
  const status = await fleet("status", "--fleet", "acme");
  expect(status).toMatchObject({ status: 1, stderr: expect.stringMatching(/three: /) });
});

test("an old copy of the fleet's folder: a push is refused by the hosts, and push --force is not", async () => {
  const [one, two] = hosts as [GatewayStage, GatewayStage];
  const folder = join(laptop.home, "fleets/acme");
  await fleet("leave", "three", "--fleet", "acme", "--force");
  cpSync(folder, join(laptop.work, "copy"), { recursive: true });
  const acme = (...words: string[]) => fleet(...words, "--fleet", "acme");
  const versionAt = async (host: string) =>
    Number(new RegExp(`^${host} +(\\d+)`, "m").exec((await acme("status")).stdout)?.[1]);
  for (let at = 0; at < 3; at++) expect(await acme("push")).toMatchObject({ status: 0 });
  const newest = await versionAt("one");
  rmSync(folder, { recursive: true });
  cpSync(join(laptop.work, "copy"), folder, { recursive: true });
  const refused = await acme("push");
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringContaining("less than current version") });
  expect(await acme("push", "--force")).toMatchObject({ status: 0 });
  expect([await versionAt(one.line), await versionAt(two.line)]).toEqual([newest + 1, newest + 1]);
});
