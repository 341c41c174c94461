/** A real host whose gateway gets its fleet's list from a store: its fleet process is installed, walled in, and removed by `up` and `down`. */
import { readdirSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeKeyPair } from "../../src/pki/index.ts";
import { Identities } from "../gateway/support/identities.ts";
import { type StoreServer, startStore } from "../support/fleet/store-server.ts";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";

let host: Host;
let laptop: Laptop;
let store: StoreServer;
let before: string;

const ok = async (...args: string[]) => {
  const ran = await laptop.tetherdock(args);
  expect(ran, `${args.join(" ")}\n${ran.stderr}`).toMatchObject({ status: 0 });
  return ran;
};
const up = () => ok("up", `${host.user}@${host.name}`, "--gateway", "--yes");
const pidOf = async (unit: string) => Number(await host.root(`systemctl show -p MainPID --value ${unit}`));
const receipt = async () => {
  const [name = ""] = readdirSync(store.receipts);
  return JSON.parse(await readFile(join(store.receipts, name), "utf8")) as { inForce: number; at: number };
};
const soon = { timeout: 60_000, interval: 200 };

beforeAll(async () => {
  host = await bootHost({ name: "fleetstore", flavour: "coreos", release: "trixie" });
  laptop = await makeLaptop(host.sshConfig);
  before = await host.fingerprint();
  // This machine, as the test hosts reach it.
  const address = host.ip.replace(/\.\d+$/, ".1");
  const authority = await Identities.make("store");
  store = await startStore({ ca: authority.ca, ...(await authority.server(address)) }, address);
});
afterAll(async () => {
  await store?.remove();
  await host?.[Symbol.asyncDispose]();
  await laptop?.[Symbol.asyncDispose]();
});

test("a host in a fleet without a store has no fleet process", async () => {
  await up();
  expect(await host.root("ls /etc/systemd/system | grep fleet || true")).toBe("");
});

test("after it joins, up installs the process, which writes receipts; planned again, nothing is left to do", async () => {
  await ok("fleet", "init", "acme", ...store.flags);
  const joined = await ok("fleet", "join", host.name);
  expect(joined.stdout).toContain("its fleet process does not run");
  expect(joined.stderr).toContain(`try: tetherdock upgrade ${host.name}`);
  expect((await ok("upgrade", host.name, "--yes")).stderr).toContain("tetherdock-fleet.service");
  await expect.poll(() => readdirSync(store.receipts).length, soon).toBe(1);
  expect((await ok("fleet", "status")).stdout).not.toContain("does not run");
  expect((await up()).stderr).toContain("nothing to do");
  expect(await host.orderingCycles()).toBe("");
});

test("the process is a user of its own without rights, and the gateway keeps its walls", async () => {
  const uid = async (unit: string) => (await host.root(`stat -c %u /proc/${await pidOf(unit)}`)).trim();
  const users = [await uid("tetherdock-fleet"), await uid("tetherdock-gateway")];
  expect(new Set(users).size).toBe(2);
  expect(Number(users[0])).toBeGreaterThan(60_000);
  const exposure = await host.root(
    "systemd-analyze security --no-pager tetherdock-fleet.service | tail -n 1",
  );
  expect(exposure).toMatch(/exposure level for tetherdock-fleet.service: [01]\.\d (SAFE|OK)/);
  const memory = await host.root(`sed -n 's/^VmRSS: *//p' /proc/${await pidOf("tetherdock-fleet")}/status`);
  expect(Number.parseInt(memory, 10)).toBeLessThan(100_000);
  const { status, stdout } = await host.ssh("ls /run/tetherdock-gateway", { user: "plain" });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  const seen = await host.ssh("cat /proc/net/unix", { user: "plain" });
  expect(seen.stdout).not.toMatch(/fleet-[0-9a-f]{32}/);
});

/** Whether a connection can be opened from a unit with the walls of the fleet process. */
async function reaches(address: string, port: string): Promise<boolean> {
  const unit = "/etc/systemd/system/tetherdock-fleet.service";
  const tried = `/usr/bin/timeout 3 /bin/bash -c ": </dev/tcp/${address}/${port}"`;
  const changed = [
    "/^\\(PartOf\\|After\\|Condition\\|Restart\\)/d",
    `s!^ExecStart=.*!ExecStart=${tried}!; s/^Type=.*/Type=oneshot/`,
  ];
  const said = await host.root(
    `sed '${changed.join("; ")}' ${unit} >/run/systemd/system/probe.service; systemctl daemon-reload
    systemctl start probe && echo reached; systemctl reset-failed probe; rm /run/systemd/system/probe.service`,
  );
  return said.includes("reached");
}

test("from there the store can be reached, and nothing on the host itself", async () => {
  const { hostname, port } = new URL(store.flags[1] ?? "");
  expect([await reaches(hostname, port), await reaches("127.0.0.1", "22")]).toEqual([true, false]);
  expect(await host.root("timeout 3 bash -c ': </dev/tcp/127.0.0.1/22' && echo reached")).toContain(
    "reached",
  );
});

/** The laptop does not reach the gateway any more. */
async function cutLine(port = 1): Promise<void> {
  const path = join(laptop.home, "lines", host.name, "line.json");
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, "utf8")), port }));
}

test("a client is added and revoked past the line, and the host confirms both", async () => {
  const { publicKey, privateKey } = makeKeyPair();
  const [pub, out] = [join(laptop.folder, "eve.pub"), join(laptop.folder, "eve")];
  await writeFile(pub, publicKey);
  await cutLine();
  await ok("fleet", "client", "add", "eve", "--role", "viewer", "--public-key", pub, "--out", out);
  await writeFile(join(out, host.name, "key.pem"), privateKey, { mode: 0o600 });
  const env = {
    DOCKER_HOST: `tcp://${host.ip}:2376`,
    DOCKER_TLS_VERIFY: "1",
    DOCKER_CERT_PATH: join(out, host.name),
  };
  expect(await laptop.docker(["ps", "-q"], { env })).toMatchObject({ status: 0 });
  const { stdout } = await ok("fleet", "revoke", "eve", "--json");
  const { version, hosts } = JSON.parse(stdout) as { version: number; hosts: { stored?: object }[] };
  expect(hosts).toMatchObject([{ stored: { inForce: version, refused: null } }]);
  expect((await laptop.docker(["ps", "-q"], { env })).status).not.toBe(0);
  await cutLine(2376);
});

test("a client renews with the file that the operator sends, and not after it is revoked", async () => {
  await using desk = await makeLaptop(host.sshConfig);
  const { publicKey, privateKey } = makeKeyPair();
  const [pub, out, cert] = ["nina.pub", "nina", "nina.pem"].map((name) => join(laptop.folder, name));
  await writeFile(pub ?? "", publicKey);
  await ok("fleet", "client", "add", "nina", "--role", "viewer", "--public-key", `${pub}`, "--out", `${out}`);
  const folder = join(`${out}`, host.name);
  await writeFile(join(folder, "key.pem"), privateKey, { mode: 0o600 });
  const onDesk = (...args: string[]) => desk.tetherdock(args);
  expect(await onDesk("import", folder, "--address", host.ip, "--name", "web")).toMatchObject({ status: 0 });
  const refused = await onDesk("renew", "web", "--force");
  expect(refused.status).toBe(3);
  expect(refused.stderr).toContain("tetherdock fleet client renew nina --public-key FILE --out FILE");
  expect(refused.stderr).toContain("try: tetherdock renew web --certificate FILE");
  const renew = ["fleet", "client", "renew", "nina", "--public-key", `${pub}`, "--out", `${cert}`];
  await ok(...renew);
  expect(await onDesk("renew", "web", "--certificate", `${cert}`)).toMatchObject({ status: 0 });
  const used = await readFile(join(desk.home, "lines/web/docker/cert.pem"), "utf8");
  expect(used).toBe(await readFile(`${cert}`, "utf8"));
  expect(used).not.toBe(await readFile(join(folder, "cert.pem"), "utf8"));
  const ps = () => onDesk("run", "web", "--", "docker", "ps", "-q");
  expect(await ps()).toMatchObject({ status: 0 });
  await ok("fleet", "revoke", "nina");
  expect((await ps()).status).not.toBe(0);
  expect(await laptop.tetherdock(renew)).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("the key of nina is revoked for good"),
  });
});

test("it comes back after kill -9, after its gateway, and after a reboot", async () => {
  const again = async (end: () => Promise<unknown>) => {
    const at = Date.now();
    await end();
    await expect.poll(async () => (await receipt()).at, soon).toBeGreaterThan(at);
  };
  const kill = async (unit: string) => host.root(`kill -9 ${await pidOf(unit)}`);
  await again(() => kill("tetherdock-fleet"));
  await again(() => host.root("systemctl restart tetherdock-gateway"));
  await again(() => kill("tetherdock-gateway"));
  await again(() => host.reboot());
});

test("when the gateway is stopped, so is the process", async () => {
  await host.root("systemctl stop tetherdock-gateway.service tetherdock-gateway.socket");
  const state = "systemctl show -p ActiveState --value tetherdock-fleet.service";
  await expect.poll(async () => (await host.root(state)).trim(), soon).toBe("inactive");
  await host.root("systemctl start tetherdock-gateway.socket tetherdock-gateway.service");
  await expect.poll(() => pidOf("tetherdock-fleet"), soon).toBeGreaterThan(0);
});

test("a host that leaves stops it, and has it again when it joins; up removes it, and down leaves nothing", async () => {
  await ok("fleet", "leave", host.name);
  // Not one that is to be started again: systemd 254 and later do not look at its condition then.
  const state = "systemctl show -p ActiveState --value tetherdock-fleet.service";
  await expect.poll(async () => (await host.root(state)).trim(), soon).toBe("inactive");
  // It starts within a second, and `join` waits for that.
  expect((await ok("fleet", "join", host.name)).stdout).not.toContain("does not run");
  await expect.poll(() => pidOf("tetherdock-fleet"), soon).toBeGreaterThan(0);
  await ok("fleet", "leave", host.name);
  await up();
  expect(await host.root("ls /etc/systemd/system | grep fleet || true")).toBe("");
  await ok("fleet", "join", host.name);
  await up();
  const down = await ok("down", host.name, "--yes");
  expect(down.stderr).toContain(`tetherdock fleet leave ${host.name} --fleet acme`);
  expect(await host.fingerprint()).toBe(before);
});
