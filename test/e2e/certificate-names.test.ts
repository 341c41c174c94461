/** Names and addresses of a line change after `up`: the certificate is made anew, and nothing else. */
import { expect, test } from "vitest";
import { changedPaths } from "../support/changed-paths.ts";
import { overLine } from "../support/expect-proven.ts";
import { bootHost, type Host } from "../support/host.ts";
import { withNames } from "../support/known-names.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

const CERTIFICATE = "/etc/tetherdock/server-cert.pem";
const SERVER_VERSION = ["version", "-f", "{{.Server.Version}}"];

async function keysOf(laptop: Laptop): Promise<string[]> {
  return (await laptop.tree()).split("\n").filter((line) => line.includes(".pem "));
}

async function subjectAltNames(host: Host): Promise<string> {
  return host.root(`openssl x509 -noout -ext subjectAltName -in ${CERTIFICATE}`);
}

test("--san: only the certificate is new; docker restarts; the client's files stay; the name is remembered", async () => {
  await using host = await bootHost();
  await using laptop = await makeLaptop(host.sshConfig);
  const named = await withNames(laptop, { "docker.example": host.ip, "second.example": host.ip });
  const up = async (...flags: string[]) => {
    const output = await named(["tetherdock", "up", destinationOf(host), "--yes", "--json", ...flags]);
    expect(output).toMatchObject({ status: 0 });
    return JSON.parse(output.stdout);
  };
  const pristine = await host.fingerprint();
  await up();
  expect(await subjectAltNames(host)).not.toContain("docker.example");
  const before = { files: await host.fingerprint(), run: await daemonRun(host), keys: await keysOf(laptop) };
  expect(before.keys).toHaveLength(4);

  const { changed, changes, line } = await up("--san", "docker.example");
  expect(changed).toBe(true);
  expect(changes).toEqual([{ kind: "certificate", path: CERTIFICATE, reason: expect.any(String) }]);
  expect(line.addresses).toContain("docker.example");
  expect(changedPaths(before.files, await host.fingerprint())).toEqual([CERTIFICATE]);
  expect(await daemonRun(host)).not.toBe(before.run);
  expect(await keysOf(laptop)).toEqual(before.keys);
  expect(await subjectAltNames(host)).toContain("DNS:docker.example");
  const docker = ["tetherdock", "run", "--", "/usr/bin/docker", "-H", "tcp://docker.example:2376"];
  expect(await named([...docker, ...SERVER_VERSION])).toMatchObject({ status: 0, stderr: "" });

  const settled = await daemonRun(host);
  expect(await up()).toMatchObject({ changed: false, line: { sans: ["docker.example"] } });
  expect(await up("--san", "docker.example")).toMatchObject({ changed: false });
  expect(await daemonRun(host)).toBe(settled);

  expect(await up("--san", "second.example")).toMatchObject({
    line: { sans: ["docker.example", "second.example"] },
  });
  expect(await named([...docker, ...SERVER_VERSION]), "a further name takes none away").toMatchObject({
    status: 0,
  });
  expect(await up("--drop-san", "DOCKER.example.")).toMatchObject({ line: { sans: ["second.example"] } });
  expect(await subjectAltNames(host)).not.toContain("docker.example");
  expect(await up("--drop-san", "docker.example")).toMatchObject({ changed: false });
  expect(await laptop.tetherdock(["down", host.name, "--yes"])).toMatchObject({ status: 0 });
  expect(await host.fingerprint()).toBe(pristine);
});

test.each([
  ["does not resolve", "nowhere.example", {}],
  ["is another machine's", "elsewhere.example", { "elsewhere.example": "127.0.0.1" }],
])("--san with a name that %s: undone, and the line does not change", async (_, name, names) => {
  await using host = await bootHost();
  await using laptop = await makeLaptop(host.sshConfig);
  const named = await withNames(laptop, names);
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  const state = async () => [await host.fingerprint(), await laptop.tree()];
  const before = await state();

  const up = await named(["tetherdock", "up", destinationOf(host), "--yes", "--json", "--san", name]);
  expect(up.status).toBe(4);
  const { error } = JSON.parse(up.stdout);
  expect(error.code).toBe("NOT_REACHABLE");
  expect(error.message).toContain(name);
  expect(await state()).toEqual(before);
  expect(await overLine(laptop, host.name, SERVER_VERSION)).toMatchObject({ status: 0, stderr: "" });
});

test("a new address of the host is probed, and certified only after --san; --drop-san removes one that is gone", async () => {
  await using host = await bootHost();
  await using laptop = await makeLaptop(host.sshConfig);
  const up = async (...flags: string[]) => {
    const output = await laptop.tetherdock(["up", destinationOf(host), "--yes", "--json", ...flags]);
    expect(output, output.stdout + output.stderr).toMatchObject({ status: 0 });
    return JSON.parse(output.stdout);
  };
  const pristine = await host.fingerprint();
  await up();
  const [before, keys] = [await host.fingerprint(), await keysOf(laptop)];
  const gained = host.ip.replace(/\d+$/, (last) => String(Number(last) + 100));
  const dial = () => overLine(laptop, host.name, ["-H", `tcp://${gained}:2376`, ...SERVER_VERSION]);

  await host.root(`ip addr add ${gained}/24 dev host0`);
  const seen = await up();
  expect(seen, "what a host claims restarts nothing").toMatchObject({ changed: false });
  expect(seen.line.host.reachedAt, "the probe met the server's key there").toContain(gained);
  expect(await dial()).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("certificate is valid for"),
  });
  expect(await up("--san", gained)).toMatchObject({ changed: true, changes: [{ kind: "certificate" }] });
  expect(changedPaths(before, await host.fingerprint())).toEqual([CERTIFICATE]);
  expect(await keysOf(laptop)).toEqual(keys);
  expect(await dial()).toMatchObject({ status: 0, stderr: "" });
  expect(await up()).toMatchObject({ changed: false });

  await host.root(`ip addr del ${gained}/24 dev host0`);
  const lost = await laptop.tetherdock(["up", destinationOf(host), "--yes", "--json"]);
  expect(JSON.parse(lost.stdout)).toMatchObject({ error: { code: "NOT_REACHABLE" } });
  expect(await up("--drop-san", gained)).toMatchObject({ changed: true, changes: [{ kind: "certificate" }] });
  expect(await subjectAltNames(host)).not.toContain(gained);
  expect(await laptop.tetherdock(["down", host.name, "--yes"])).toMatchObject({ status: 0 });
  expect(await host.fingerprint()).toBe(pristine);
});
