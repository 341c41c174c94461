/**
 * A fleet of three hosts of three Debian releases, whose gateways get the list from a cluster of three NATS servers, each in a
 * network namespace of its own.
 */
import { readdirSync } from "node:fs";
import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeKeyPair } from "../../src/pki/index.ts";
import { Identities } from "../gateway/support/identities.ts";
import {
  configFrom,
  type NatsServer,
  type NatsServers,
  natsPorts,
  startNats,
} from "../support/fleet/nats-servers.ts";
import { bootHost, type Host, missingRelease, type Release } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { Neighbour } from "../support/neighbour.ts";

const RELEASES: readonly Release[] = ["bookworm", "trixie", "forky"];
const missing = await missingRelease("forky");
const releases = missing === null ? RELEASES : RELEASES.filter((release) => release !== "forky");

let hosts: readonly Host[];
let laptop: Laptop;
/** Another operator's, without a line to any host. */
let bens: Laptop;
let servers: NatsServers;
/** Where the servers are, in their order. */
const neighbours: Neighbour[] = [];

const okOn = async (on: Laptop, ...args: string[]) => {
  const ran = await on.tetherdock(args);
  expect(ran, `${args.join(" ")}\n${ran.stderr}`).toMatchObject({ status: 0 });
  return ran;
};
const ok = (...args: string[]) => okOn(laptop, ...args);
const okBen = (...args: string[]) => okOn(bens, ...args);

async function startCluster(): Promise<void> {
  while (neighbours.length < 3) neighbours.push(await Neighbour.make());
  const [authority, ports] = [await Identities.make("store"), await natsPorts(3)];
  const ca = join(laptop.folder, "nats-ca.pem");
  await writeFile(ca, authority.ca);
  const addresses = neighbours.map(({ address }) => address);
  const urls = addresses.map((address, at) => `nats://${address}:${ports[at]}`);
  await ok("fleet", "init", "acme", "--store", urls.join(","), "--store-ca", ca);
  const config = await readFile(join(laptop.home, "fleets/acme/nats-server.conf"), "utf8");
  const certificate = { ca: authority.ca, ...(await authority.server(...addresses)) };
  servers = await startNats(configFrom(config), certificate, ports, neighbours);
}

/** Of `tetherdock doctor`, those about the fleet. */
async function fleetFindings({ name }: Host): Promise<readonly string[]> {
  const { stdout } = await laptop.tetherdock(["doctor", name, "--json"]);
  const { reports } = JSON.parse(stdout) as { reports: { findings: { check: string }[] }[] };
  return reports
    .flatMap(({ findings }) => findings.map(({ check }) => check))
    .filter((id) => /^fleet/.test(id));
}

/** The laptop does not reach the gateways any more. */
async function cutLines(): Promise<void> {
  for (const { name } of hosts) {
    const path = join(laptop.home, "lines", name, "line.json");
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), port: 1 }));
  }
}

beforeAll(async () => {
  hosts = await Promise.all(releases.map((release) => bootHost({ name: `fleet-${release}`, release })));
  // One laptop knows all of them: each host's ssh config does.
  laptop = await makeLaptop((hosts[0] as Host).sshConfig);
  bens = await makeLaptop((hosts[0] as Host).sshConfig);
  for (const { user, name } of hosts) await ok("up", `${user}@${name}`, "--gateway", "--yes");
  await startCluster();
}, 300_000);
afterAll(async () => {
  await servers?.[Symbol.asyncDispose]();
  for (const neighbour of neighbours) await neighbour[Symbol.asyncDispose]();
  for (const host of hosts ?? []) await host[Symbol.asyncDispose]();
  for (const one of [laptop, bens]) await one?.[Symbol.asyncDispose]();
});

/** Whether a docker command of a client succeeds on each host; by default, `docker ps`. */
type Tries = (...command: string[]) => Promise<readonly boolean[]>;

/** A client of the fleet. Its folder has its name. */
async function enrol(name: string, role = "viewer"): Promise<Tries> {
  const { publicKey, privateKey } = makeKeyPair();
  const [pub, out] = [join(laptop.folder, `${name}.pub`), join(laptop.folder, name)];
  await writeFile(pub, publicKey);
  await ok("fleet", "client", "add", name, "--role", role, "--public-key", pub, "--out", out);
  return (...command) =>
    Promise.all(
      hosts.map(async (host) => {
        const folder = join(out, host.name);
        await writeFile(join(folder, "key.pem"), privateKey, { mode: 0o600 });
        const env = {
          DOCKER_HOST: `tcp://${host.ip}:2376`,
          DOCKER_TLS_VERIFY: "1",
          DOCKER_CERT_PATH: folder,
        };
        const args = command.length === 0 ? ["ps", "-q"] : command;
        return (await laptop.docker(args, { env })).status === 0;
      }),
    );
}

const everywhere = (is: boolean) => hosts.map(() => is);

/** All that {@link enrolAndRevoke} has revoked. */
const revoked: Tries[] = [];

/** On each host, whether one of them comes in. */
async function all(tries: readonly Tries[]): Promise<readonly boolean[]> {
  const found: (readonly boolean[])[] = [];
  for (const one of tries) found.push(await one());
  return hosts.map((_, at) => found.some((those) => those[at]));
}

/** @param meanwhile while the client is on the list */
async function enrolAndRevoke(name: string, meanwhile: () => unknown = () => {}): Promise<void> {
  const client = await enrol(name);
  expect(await client()).toEqual(everywhere(true));
  await meanwhile();
  await ok("fleet", "revoke", name);
  revoked.push(client);
  expect(await all(revoked)).toEqual(everywhere(false));
}

let erin: Tries;
/** On the list while servers are lost. */
let ivy: Tries;

test("the hosts are of three Debian releases", async ({ skip }) => {
  if (missing !== null) skip(`SKIPPED: a fleet of three Debian releases: no host of forky: ${missing}`);
  const told = hosts.map((host) => host.root('. /etc/os-release; echo "$VERSION_CODENAME"'));
  expect((await Promise.all(told)).map((name) => name.trim())).toEqual(RELEASES);
});

describe(`hosts of ${releases.join(", ")}`, () => {
  test("they join, and get their fleet process, which reaches the servers and nothing else", async () => {
    await ok("fleet", "join", ...hosts.map(({ name }) => name));
    await ok("upgrade", "--all", "--yes");
    for (const host of hosts) {
      const connected = () => host.root("journalctl -u tetherdock-fleet --no-pager -o cat");
      await expect.poll(connected, { timeout: 60_000 }).toContain("connected to the store");
    }
    const { hosts: told } = JSON.parse((await ok("fleet", "status", "--json")).stdout) as { hosts: object[] };
    const engines = await Promise.all(
      hosts.map(async (host) => (await host.root("docker version --format '{{.Server.Version}}'")).trim()),
    );
    const more = { certificateDays: expect.any(Number), auditBehind: expect.any(Number), problems: [] };
    expect(told).toMatchObject(engines.map((engine) => ({ details: { engine, ...more } })));
  }, 300_000);

  test("doctor finds a process that is stopped, and a host that has not got what was signed", async () => {
    const [host] = hosts as readonly [Host];
    await host.root("systemctl stop tetherdock-fleet.path tetherdock-fleet.service");
    await cutLines();
    const lists = () => readdirSync(join(laptop.home, "fleets/acme/lists")).length;
    const before = lists();
    const pushed = ok("fleet", "push");
    await expect.poll(lists, { timeout: 60_000 }).toBe(before + 1);
    expect(await fleetFindings(host)).toEqual(["fleet-process-not-running", "fleet-list-behind"]);
    await host.root("systemctl start tetherdock-fleet.path");
    await pushed;
    expect(await fleetFindings(host)).toEqual([]);
  }, 300_000);

  test("a client is added and revoked past the lines; the hosts confirm it", async () => {
    const eve = await enrol("eve");
    expect(await eve()).toEqual(everywhere(true));
    const { stdout } = await ok("fleet", "revoke", "eve", "--json");
    const { version, hosts: told } = JSON.parse(stdout) as { version: number; hosts: object[] };
    expect(told).toMatchObject(hosts.map(() => ({ stored: { inForce: version, refused: null } })));
    expect(await eve()).toEqual(everywhere(false));
  }, 300_000);

  test("with one server killed, nobody revoked comes in, and nothing is lost", async () => {
    const [one] = servers.all;
    ivy = await enrol("ivy");
    await enrolAndRevoke("mallory", () => one?.kill());
    await one?.start();
    await servers.untilWell();
    expect([await all(revoked), await ivy()]).toEqual([everywhere(false), everywhere(true)]);
  }, 400_000);

  test("with one server cut off from hosts, operators and the other servers: the same; and when it is back, it has it all", async () => {
    const [one, , three] = servers.all as [NatsServer, NatsServer, NatsServer];
    const [first, , third] = neighbours as [Neighbour, Neighbour, Neighbour];
    const both = () => Promise.all([first.asks(three.health), third.asks(one.health)]);
    expect(await both()).toEqual(["200", "200"]);
    await third.cut();
    try {
      expect(await both()).toEqual([null, null]);
      await enrolAndRevoke("nina");
      // It knows that it is alone, and the others go on without it.
      await expect.poll(() => third.asks(three.health), { timeout: 60_000 }).toBe("503");
      expect(await first.asks(one.health)).toBe("200");
      expect(await all(revoked)).toEqual(everywhere(false));
    } finally {
      await third.mend();
    }
    // Whoever comes back makes the others elect anew.
    await expect.poll(both, { timeout: 60_000 }).toEqual(["200", "200"]);
    await servers.untilWell();
    // Without the first one, nothing is decided but with the third.
    await enrolAndRevoke("olga", () => one.kill());
    await one.start();
    await servers.untilWell();
    expect([await all(revoked), await ivy()]).toEqual([everywhere(false), everywhere(true)]);
  }, 400_000);

  const roleFile = async (...deny: string[]) => {
    const path = join(laptop.folder, "web-team.yaml");
    const file = { version: 1, name: "web-team", extends: "viewer", operations: { deny } };
    await writeFile(path, JSON.stringify(file));
    return path;
  };

  test("the life of a client past the lines: a role of the fleet, another one, a renewed certificate, an end, and gone", async () => {
    await ok("fleet", "role", "apply", await roleFile("ContainerList"));
    const vera = await enrol("vera", "web-team");
    expect([await vera(), await vera("images", "-q")]).toEqual([everywhere(false), everywhere(true)]);
    await ok("fleet", "role", "apply", await roleFile("ImageList"), "--yes");
    expect([await vera(), await vera("images", "-q")]).toEqual([everywhere(true), everywhere(false)]);
    await ok("fleet", "client", "role", "vera", "operator");
    expect(await vera("images", "-q")).toEqual(everywhere(true));
    await ok("fleet", "role", "rm", "web-team");

    const [pub, renewed] = [join(laptop.folder, "vera.pub"), join(laptop.folder, "vera-new.pem")];
    await ok("fleet", "client", "renew", "vera", "--public-key", pub, "--out", renewed);
    for (const { name } of hosts) {
      const cert = join(laptop.folder, "vera", name, "cert.pem");
      expect(await readFile(renewed, "utf8")).not.toBe(await readFile(cert, "utf8"));
      await copyFile(renewed, cert);
    }
    expect(await vera()).toEqual(everywhere(true));

    await ok("fleet", "client", "expires", "vera", "1s");
    await expect.poll(() => vera(), { timeout: 30_000 }).toEqual(everywhere(false));
    await ok("fleet", "client", "expires", "vera", "never");
    expect(await vera()).toEqual(everywhere(true));
    await ok("fleet", "client", "rm", "vera");
    expect(await vera()).toEqual(everywhere(false));
    expect((await ok("fleet", "client", "ls")).stdout).not.toContain("vera");
  }, 300_000);

  test("two operators: a change waits in the store until the second one signs it; one alone revokes at once", async () => {
    const [pub, file] = [join(laptop.folder, "ben.pub"), join(laptop.folder, "acme.json")];
    await writeFile(pub, (await okBen("fleet", "operator", "key", "acme")).stdout);
    await ok("fleet", "operator", "add", "ben@desk", "--public-key", pub, "--out", file);
    await okBen("fleet", "open", file);
    const [carol, dave] = [await enrol("carol"), await enrol("dave")];
    erin = await enrol("erin");
    const waits = async (...change: string[]) =>
      expect(await laptop.tetherdock(change)).toMatchObject({
        status: 1,
        stderr: expect.stringContaining("waits for 1 more signature"),
      });
    await waits("fleet", "operator", "threshold", "2");
    await okBen("fleet", "sign", "--yes");
    // Nobody who has one key makes it wider: hosts have the list of both.
    await waits("fleet", "client", "role", "carol", "deployer");
    const deploys = () => carol("volume", "create", "carols");
    expect((await okBen("fleet", "status")).stdout).toMatch(/~ client carol: .*viewer.* becomes .*deployer/);
    expect(await deploys()).toEqual(everywhere(false));
    await okBen("fleet", "revoke", "dave");
    expect([await dave(), await carol()]).toEqual([everywhere(false), everywhere(true)]);
    const { stdout } = await okBen("fleet", "sign", "--yes", "--json");
    const { version, hosts: told } = JSON.parse(stdout) as { version: number; hosts: object[] };
    expect(told).toMatchObject(hosts.map(() => ({ stored: { inForce: version, refused: null } })));
    expect(await deploys()).toEqual(everywhere(true));
    await okBen("fleet", "revoke", "carol");
    expect([await dave(), await carol()]).toEqual([everywhere(false), everywhere(false)]);
  }, 300_000);

  test("an operator who has no lines copies the hosts' audit logs, and finds the one that root has rewritten", async () => {
    expect(await erin()).toEqual(everywhere(true));
    const fetched = await okBen("fleet", "audit", "fetch");
    for (const { name } of hosts)
      expect(fetched.stdout).toMatch(new RegExp(`^${name} .*; through the store$`, "m"));
    const { stdout } = await okBen("fleet", "audit", "--client", "erin", "--json");
    for (const { name } of hosts)
      expect(stdout).toMatch(new RegExp(`^\\{"host":"${name}".*"operation":"ContainerList"`, "m"));
    await okBen("fleet", "audit", "verify");
    const [host] = hosts as readonly [Host];
    // Of the same length, as root can.
    await host.root(
      "sed -i s/ContainerList/ContainerStop/ /var/log/private/tetherdock-gateway/reads-00000001.jsonl",
    );
    const verified = await bens.tetherdock(["fleet", "audit", "verify"]);
    expect(verified).toMatchObject({ status: 1, stderr: expect.stringContaining(`${host.name}: reads-`) });
    for (const { name } of hosts.slice(1)) expect(verified.stderr).not.toContain(`${name}: `);
  }, 300_000);

  test("all servers lose their data: hosts keep the list, and take only one with a higher version", async () => {
    const versionOf = (text: string) => Number(/version (\d+)/.exec(text)?.[1]);
    const newest = versionOf((await okBen("fleet", "status")).stdout);
    for (const server of servers.all) await server.wipe();
    for (const server of servers.all) await server.start();
    await servers.untilWell();
    expect(await bens.tetherdock(["fleet", "status"])).toMatchObject({ status: 1 });
    // The other machine has not seen the last changes, and the store cannot tell it any more.
    const older = await laptop.tetherdock(["fleet", "push"]);
    expect(older).toMatchObject({ status: 1, stderr: expect.stringContaining("less than current version") });
    expect(versionOf(older.stdout)).toBeLessThan(newest);
    for (const { name } of hosts)
      expect(older.stderr).toContain(`${name}: has version ${newest}, and refuses the list`);
    const { stdout } = await okBen("fleet", "push", "--json");
    const { version, hosts: told } = JSON.parse(stdout) as { version: number; hosts: object[] };
    // It lasts long enough: nobody has to sign it anew.
    expect(version).toBe(newest);
    expect(told).toMatchObject(hosts.map(() => ({ stored: { inForce: version, refused: null } })));
    expect((await ok("fleet", "status")).stdout).toContain(`version ${version}`);
    expect(await erin()).toEqual(everywhere(true));
    const revoked = JSON.parse((await okBen("fleet", "revoke", "erin", "--json")).stdout);
    expect(revoked).toMatchObject({ version: newest + 1, hosts: hosts.map(() => ({ stored: {} })) });
    expect(await erin()).toEqual(everywhere(false));
  }, 300_000);
});
