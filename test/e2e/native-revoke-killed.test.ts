/**
 * `client revoke` in native mode is killed at each change to a folder on the laptop. Afterwards `up` leads to one of two states:
 * the old CA, with everybody, or the new one, without who is revoked and with a file for who is not. No file is half written.
 */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authorityKeys } from "../../src/pki/index.ts";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { joinNativeAs } from "../support/native-client.ts";
import { everything, sampleBy } from "../support/sample.ts";
import { killing, ONE_THREAD, pointsIn, watching } from "../support/strace-points.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

/** On an ordinary day. */
const ROUNDS = 3;
const HOST_FILES = "/etc/tetherdock/ca.pem /etc/tetherdock/server-cert.pem";

let host: Host;
let laptop: Laptop;
let eva: Laptop;
let bob: Laptop;

beforeAll(async () => {
  host = await bootHost({ name: "rkilled" });
  laptop = await makeLaptop(host.sshConfig);
  const up = await laptop.tetherdock(["up", destinationOf(host), "--yes"]);
  expect(up, up.stderr).toMatchObject({ status: 0 });
  eva = await joinNativeAs("eva@desk", laptop, host);
  bob = await joinNativeAs("bob@desk", laptop, host);
  expect(await laptop.tetherdock(["context", "create", host.name])).toMatchObject({ status: 0 });
});
afterAll(async () => {
  for (const one of [laptop, eva, bob]) await one?.[Symbol.asyncDispose]();
  await host?.[Symbol.asyncDispose]();
});

const command = (within: number) =>
  `tetherdock up ${destinationOf(host)} --new-ca --revoke bob@desk --confirm-within ${within}s --yes`;
const keyHere = async () =>
  authorityKeys(await readFile(join(laptop.home, "lines", host.name, "docker/ca.pem"), "utf8"));
const keyThere = async () => authorityKeys(await host.root("cat /etc/tetherdock/ca.pem"));
const strace = (options: readonly string[], output = "/dev/null") =>
  `${ONE_THREAD} strace ${options.join(" ")} -o ${output}`;

/** @returns what brings this state back, on all sides */
async function saved(): Promise<() => Promise<void>> {
  const own = `"$TETHERDOCK_HOME/lines" "$DOCKER_CONFIG"`;
  for (const one of [laptop, eva])
    expect(await one.bash(`mkdir -p ~/before "$DOCKER_CONFIG" && cp -a ${own} ~/before/`)).toMatchObject({
      status: 0,
    });
  await host.root(`mkdir -p /root/before && cp -a ${HOST_FILES} /root/before/`);
  return async () => {
    const back = `rm -rf ${own} && cp -a ~/before/lines "$TETHERDOCK_HOME/" && cp -a ~/before/docker "$DOCKER_CONFIG"`;
    for (const one of [laptop, eva]) expect(await one.bash(back)).toMatchObject({ status: 0 });
    await host.root(`cp -a /root/before/*.pem /etc/tetherdock/ && systemctl restart docker.service`);
  };
}

async function requireWhole(label: string): Promise<void> {
  for (const folder of [laptop.home, join(laptop.dockerConfig, "contexts/tls")])
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) expect((await stat(path)).mode & 0o777, `${label}: ${path}`).toBe(0o600);
    }
  const left = "find /etc/tetherdock/server-key.pem -not -perm 0600; find /etc/tetherdock -name '*-new'";
  expect(await host.root(left), label).toBe("");
}

const ps = (one: Laptop) => one.tetherdock(["run", "--", "docker", "ps", "-q"]);

test("killed anywhere, up ends it", { timeout: everything ? 7_200_000 : 900_000 }, async () => {
  const restore = await saved();
  const [old] = await keyHere();
  const trace = join(laptop.folder, "trace");
  const begin = Date.now();
  const ran = await laptop.bash(`${strace(watching, trace)} ${command(60)}`);
  expect(ran.status, ran.stderr).toBe(0);
  const within = Math.max(4, Math.ceil((2 * (Date.now() - begin)) / 1000));
  const points = pointsIn(await readFile(trace, "utf8"));
  expect(points.length).toBeGreaterThan(10);
  let ended = 0;
  const sample = sampleBy("native revoke", points, ROUNDS);
  for (const point of sample) {
    const label = `killed at ${point.call} ${point.nth}`;
    await restore();
    const killed = await laptop.bash(`${strace(killing(point))} ${command(within)}`);
    expect(killed.status, `${label}\n${killed.stderr}`).not.toBe(0);
    const asKilled = await keyThere();
    const run = await daemonRun(host);
    const again = await laptop.tetherdock(["up", destinationOf(host), "--yes"]);
    expect(again.status, `${label}\n${again.stderr}`).toBe(0);
    await requireWhole(label);
    const [key] = await keyThere();
    expect(await keyHere(), label).toEqual([key]);
    expect(await ps(laptop), label).toMatchObject({ status: 0 });
    expect(await laptop.docker(["--context", host.name, "ps", "-q"]), label).toMatchObject({ status: 0 });
    if (key === old) {
      for (const one of [eva, bob]) expect(await ps(one), label).toMatchObject({ status: 0 });
      continue;
    }
    ended += 1;
    expect([asKilled, await daemonRun(host)], `${label}: no second restart`).toEqual([[key], run]);
    expect(await ps(bob), label).toMatchObject({ status: 1 });
    const file = join(laptop.home, "lines", host.name, "reissued/eva@desk.pem");
    const taken = await eva.tetherdock(["renew", host.name, "--certificate", file]);
    expect(taken.status, `${label}\n${taken.stderr}`).toBe(0);
    expect(await ps(eva), label).toMatchObject({ status: 0 });
  }
  console.log(`${sample.length} of ${points.length} kills; ${ended} with the new CA`);
});
