/**
 * A client of a native engine is revoked: the line gets a new CA with one restart, the operator's line and docker context go
 * on, the second machine goes on with the file that it is sent, and the revoked one is out (ADR 0032).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { authorityKeys } from "../../src/pki/index.ts";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { joinNativeAs } from "../support/native-client.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

const ps = ["run", "--", "docker", "ps", "--format", "{{.Names}}"];

const starts = (host: Host) =>
  host.root("journalctl -u docker.service -o cat | grep -c '^Started docker.service'").then(Number);

test("one restart; the second laptop goes on, the colleague does not; down gives the host back", async () => {
  await using host = await bootHost({ name: "revoke" });
  await using laptop = await makeLaptop(host.sshConfig);
  const pristine = await host.fingerprint();
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  await host.root("mk-tiny && docker run -d --restart always --name box tiny sleep 100000");
  expect(await laptop.tetherdock(["context", "create", host.name])).toMatchObject({ status: 0 });
  await using eva = await joinNativeAs("eva@desk", laptop, host);
  await using bob = await joinNativeAs("bob@desk", laptop, host);
  for (const one of [eva, bob])
    expect(await one.tetherdock(ps)).toMatchObject({ status: 0, stdout: "box\n" });
  expect(await eva.tetherdock(["context", "create", host.name])).toMatchObject({ status: 0 });
  expect((await laptop.tetherdock(["client", "ls"])).stdout).toMatch(
    /^CLIENT +EXPIRES +KEY\nbob@desk .*\neva@desk /,
  );
  const keysOnHost = async () => authorityKeys(await host.root("cat /etc/tetherdock/ca.pem"));
  const keysHere = async (one: Laptop) =>
    authorityKeys(await readFile(join(one.home, "lines", host.name, "docker/ca.pem"), "utf8"));
  const [old] = await keysOnHost();

  const revoke = (...more: string[]) =>
    laptop.tetherdock(["client", "revoke", "bob@desk", "--line", host.name, ...more]);
  const state = async () => [await daemonRun(host), await host.fingerprint(), await laptop.tree()];
  const before = await state();
  const plan = await revoke("--dry-run");
  expect(plan, plan.stderr).toMatchObject({ status: 0 });
  expect(plan.stdout).toContain("revoked: bob@desk; need the new certificate that this machine signs");
  expect(plan.stdout).toMatch(/! restart docker.service/);
  expect(await revoke(), "nobody can be asked").toMatchObject({ status: 3 });
  expect(await laptop.tetherdock(["client", "revoke", "max@desk", "--yes"])).toMatchObject({
    ...{ status: 2, stderr: expect.stringContaining("CLIENT_UNKNOWN") },
  });
  expect(await bob.tetherdock(["client", "revoke", "eva@desk", "--yes"])).toMatchObject({
    ...{ status: 3, stderr: expect.stringContaining("LINE_JOINED") },
  });
  expect(await laptop.tetherdock(["client", "restore", "bob@desk", "--line", host.name])).toMatchObject({
    stderr: expect.stringContaining("in native mode"),
  });
  expect(await state()).toEqual(before);

  const count = await starts(host);
  const done = await revoke("--yes");
  expect(done, done.stderr).toMatchObject({ status: 0 });
  expect(await starts(host)).toBe(count + 1);
  expect(done.stderr).toContain("revoked: bob@desk");
  const [next] = await keysOnHost();
  expect([next === old, await keysHere(laptop)]).toEqual([false, [next]]);
  await expect.poll(() => laptop.tetherdock(ps)).toMatchObject({ status: 0, stdout: "box\n" });
  expect(await laptop.docker(["--context", host.name, "ps", "-q"])).toMatchObject({ status: 0 });
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({
    ...{ status: 0, stderr: expect.stringContaining("nothing to do") },
  });
  expect(await starts(host)).toBe(count + 1);

  // Not even who trusts the new CA gets in with a certificate of the old one.
  for (const one of [eva, bob])
    expect(await one.tetherdock(ps)).toMatchObject({
      ...{ status: 1, stderr: expect.stringContaining("failed to verify certificate") },
    });
  expect(await eva.tetherdock(["status"])).toMatchObject({
    ...{ status: 1, stderr: expect.stringContaining(`tetherdock renew ${host.name} --certificate FILE`) },
  });
  const ca = join(laptop.home, "lines", host.name, "docker/ca.pem");
  const curl = (one: Laptop) =>
    one.bash(
      `cd "$TETHERDOCK_HOME/lines/${host.name}/docker" && curl -sS --cacert ${ca} --cert cert.pem --key key.pem https://${host.ip}:2376/_ping`,
    );
  expect(await curl(laptop)).toMatchObject({ status: 0, stdout: "OK" });
  expect((await curl(bob)).status).not.toBe(0);

  const [, path = ""] = /^ {2}eva@desk: (.*)$/m.exec(done.stderr) ?? [];
  const take = (one: Laptop) => one.tetherdock(["renew", host.name, "--certificate", path]);
  expect(await take(bob)).toMatchObject({ status: 3, stderr: expect.stringContaining("this machine's key") });
  const taken = await take(eva);
  expect(taken, taken.stderr).toMatchObject({ status: 0 });
  expect(taken.stderr).toContain(`has a new CA with another key, sha256:${next}`);
  expect(await eva.tetherdock(ps)).toMatchObject({ status: 0, stdout: "box\n" });
  expect(await eva.docker(["--context", host.name, "ps", "-q"])).toMatchObject({ status: 0 });
  expect(await bob.tetherdock(ps)).toMatchObject({ status: 1 });
  expect(await laptop.tetherdock(["status"])).toMatchObject({ status: 0 });
  const doctor = await laptop.tetherdock(["doctor", host.name, "--json"]);
  expect(doctor.stdout).toContain('"findings": []');

  await host.root("docker rm -f box && docker rmi tiny");
  expect(await laptop.tetherdock(["down", host.name, "--yes"])).toMatchObject({ status: 0 });
  expect(await host.fingerprint()).toBe(pristine);
});
