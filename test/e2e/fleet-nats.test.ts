/** A fleet of three hosts of three Debian releases, whose gateways get the list from a cluster of three NATS servers. */
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeKeyPair } from "../../src/pki/index.ts";
import { Identities } from "../gateway/support/identities.ts";
import { configFrom, type NatsServers, natsPorts, startNats } from "../support/fleet/nats-servers.ts";
import { bootHost, type Host, missingRelease, type Release } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { mustRun } from "../support/run.ts";

const RELEASES: readonly Release[] = ["bookworm", "trixie", "forky"];
const missing = await missingRelease("forky");
const releases = missing === null ? RELEASES : RELEASES.filter((release) => release !== "forky");

let hosts: readonly Host[];
let laptop: Laptop;
let servers: NatsServers;
let ca: string;

const ok = async (...args: string[]) => {
  const ran = await laptop.tetherdock(args);
  expect(ran, `${args.join(" ")}\n${ran.stderr}`).toMatchObject({ status: 0 });
  return ran;
};

/** This machine, as the test hosts reach it. */
const addressFor = ({ ip }: Host): string => ip.replace(/\.\d+$/, ".1");

async function startCluster(): Promise<void> {
  const [address, ports] = [addressFor(hosts[0] as Host), await natsPorts(3)];
  const authority = await Identities.make("store");
  ca = join(laptop.folder, "nats-ca.pem");
  await writeFile(ca, authority.ca);
  const urls = ports.slice(0, 3).map((port) => `nats://${address}:${port}`);
  await ok("fleet", "init", "acme", "--store", urls.join(","), "--store-ca", ca);
  const config = await readFile(join(laptop.home, "fleets/acme/nats-server.conf"), "utf8");
  const certificate = { ca: authority.ca, ...(await authority.server(address)) };
  servers = await startNats(configFrom(config), certificate, ports, address);
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
  for (const { user, name } of hosts) await ok("up", `${user}@${name}`, "--gateway", "--yes");
  await startCluster();
}, 300_000);
afterAll(async () => {
  await servers?.[Symbol.asyncDispose]();
  for (const host of hosts ?? []) await host[Symbol.asyncDispose]();
  await laptop?.[Symbol.asyncDispose]();
});

/** A client of the fleet. @returns the exit status of its `docker ps` on each host */
async function enrol(name: string): Promise<() => Promise<readonly boolean[]>> {
  const { publicKey, privateKey } = makeKeyPair();
  const [pub, out] = [join(laptop.folder, `${name}.pub`), join(laptop.folder, name)];
  await writeFile(pub, publicKey);
  await ok("fleet", "client", "add", name, "--role", "viewer", "--public-key", pub, "--out", out);
  return () =>
    Promise.all(
      hosts.map(async (host) => {
        const folder = join(out, host.name);
        await writeFile(join(folder, "key.pem"), privateKey, { mode: 0o600 });
        const env = {
          DOCKER_HOST: `tcp://${host.ip}:2376`,
          DOCKER_TLS_VERIFY: "1",
          DOCKER_CERT_PATH: folder,
        };
        return (await laptop.docker(["ps", "-q"], { env })).status === 0;
      }),
    );
}

const everywhere = (is: boolean) => hosts.map(() => is);

describe(`hosts of ${releases.join(", ")}`, () => {
  test("they join, and get their fleet process, which reaches the servers and nothing else", async () => {
    await ok("fleet", "join", ...hosts.map(({ name }) => name));
    await ok("upgrade", "--all", "--yes");
    for (const host of hosts) {
      const connected = () => host.root("journalctl -u tetherdock-fleet --no-pager -o cat");
      await expect.poll(connected, { timeout: 60_000 }).toContain("connected to the store");
    }
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

  test("with one server killed and another cut off, nobody revoked comes in, and nothing is lost", async () => {
    const [one, , three] = servers.all;
    const mallory = await enrol("mallory");
    await one?.kill();
    await ok("fleet", "revoke", "mallory");
    expect(await mallory()).toEqual(everywhere(false));
    await one?.start();
    // Packets from and to the third server are dropped, as in a partition.
    const rule = ["-p", "tcp", "--dport", `${three?.port}`, "-j", "DROP"];
    await mustRun(["iptables", "-I", "INPUT", ...rule]);
    try {
      const nina = await enrol("nina");
      expect(await nina()).toEqual(everywhere(true));
      await ok("fleet", "revoke", "nina");
      expect([await nina(), await mallory()]).toEqual([everywhere(false), everywhere(false)]);
    } finally {
      await mustRun(["iptables", "-D", "INPUT", ...rule]);
    }
  }, 400_000);
});
