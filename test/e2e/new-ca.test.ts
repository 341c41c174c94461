/**
 * A line's CA is replaced by one with another key, while an admin's laptop and two machines that joined work, each with
 * requests and an open stream: offered, fetched, finished (ADR 0032).
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { authorityKeys } from "../../src/pki/index.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { joinedLaptop } from "../support/gateway/people.ts";
import type { Laptop } from "../support/laptop.ts";
import { COUNTS, SteadyClient } from "../support/steady-client.ts";

let name = "";
let line: GatewayLine;
let bob: Laptop;
let eva: Laptop;
/** His machine is off meanwhile. */
let dan: Laptop;

const joined = (client: string) => joinedLaptop(line, client, "operator");

const keysOf = async (laptop: Laptop) =>
  authorityKeys(await readFile(join(laptop.home, "lines", name, "docker/ca.pem"), "utf8"));
const keysOnHost = async () => authorityKeys(await line.host.root("cat /etc/tetherdock/ca.pem"));
const up = (...more: string[]) => ["up", `${line.host.user}@${line.host.name}`, ...more];
const ps = ["run", "--", "docker", "ps", "-q"];

beforeAll(async () => {
  line = await openGatewayLine("newca");
  name = line.host.name;
  await line.host.root(`docker run -d --name box tiny sh -c '${COUNTS}'`);
  bob = await joined("bob@desk");
  eva = await joined("eva@desk");
  dan = await joined("dan@desk");
});
afterAll(async () => {
  for (const laptop of [bob, eva, dan]) await laptop?.[Symbol.asyncDispose]();
  await line?.[Symbol.asyncDispose]();
});

test("three clients work through all of it without a failed request; who lacks the new CA is named", async () => {
  const { laptop, host } = line;
  const [old = ""] = await keysOf(laptop);
  const clients = await Promise.all([laptop, bob, eva].map((one) => SteadyClient.start(one, "box")));

  const early = await laptop.tetherdock(up("--finish-new-ca", "--yes"));
  expect(early).toMatchObject({ status: 3, stderr: expect.stringContaining("no new CA is offered") });
  const offered = await laptop.tetherdock(up("--new-ca", "--yes"));
  expect(offered, offered.stderr).toMatchObject({ status: 0 });
  const [, key = ""] = /a new CA is offered to the clients: sha256:([0-9a-f]{64})/.exec(offered.stderr) ?? [];
  expect([await keysOnHost(), await keysOf(laptop)]).toEqual([
    [old, key],
    [old, key],
  ]);
  const plain = await laptop.tetherdock(up("--yes"));
  expect(plain).toMatchObject({ status: 0, stderr: expect.stringContaining("nothing to do") });

  const fetched = await bob.tetherdock(["renew", "--force"]);
  expect(fetched.stderr).toContain(`has a new CA with another key, sha256:${key}`);
  const ls = await laptop.tetherdock(["client", "ls"]);
  expect(ls.stdout).toMatch(/bob@desk .* new /);
  expect(ls.stdout).toMatch(/eva@desk .* old /);
  const refused = await laptop.tetherdock(up("--finish-new-ca", "--yes"));
  expect(refused).toMatchObject({ status: 3, stderr: expect.stringContaining("NEW_CA_REFUSED") });
  expect(refused.stderr).toMatch(/eva@desk(.|\n)*dan@desk/);
  expect(refused.stderr).not.toContain("bob@desk");
  expect(await keysOnHost()).toEqual([old, key]);
  // Whoever joins now fetches it in the same way.
  expect(await eva.tetherdock(["renew", "--force"])).toMatchObject({ status: 0 });

  const finished = await laptop.tetherdock(up("--finish-new-ca", "--leave-behind", "--yes"));
  expect(finished, finished.stderr).toMatchObject({ status: 0 });
  expect(finished.stderr).toContain(`--pin sha256:${key}`);
  expect([await keysOnHost(), await keysOf(laptop)]).toEqual([[key, old], [key]]);
  expect(await host.root("systemctl show -P NRestarts tetherdock-gateway docker")).toBe("0\n\n0\n");
  for (const one of [bob, eva]) {
    expect(await one.tetherdock(ps)).toMatchObject({ status: 0 });
    expect(await one.tetherdock(["renew", "--force"])).toMatchObject({ status: 0 });
    expect(await keysOf(one)).toEqual([key]);
  }
  const results = await Promise.all(clients.map((one) => one.stop()));
  console.log(`requests: ${results.map(({ requests }) => requests).join(", ")}`);
  for (const result of results) expect(result).toMatchObject({ failures: [], isStreaming: true });
  for (const { requests } of results) expect(requests).toBeGreaterThan(20);

  expect(await laptop.tetherdock(["status"])).toMatchObject({ status: 0 });
  const doctor = await bob.tetherdock(["doctor", "--json"]);
  expect(doctor.stdout).toContain('"findings": []');
});

test("who was left behind does not trust the host, and gets in with the new file by the same key", async () => {
  expect(await dan.tetherdock(ps)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("failed to verify certificate"),
  });
  const [from, to] = [line.laptop, dan].map(({ home }) => join(home, "lines", name, "docker/ca.pem"));
  expect(await dan.bash(`cp ${from} ${to}`)).toMatchObject({ status: 0 });
  expect(await dan.tetherdock(ps)).toMatchObject({ status: 0 });
});

test("a new client joins under the new CA", async () => {
  await using fay = await joined("fay@desk");
  expect(await fay.tetherdock(ps)).toMatchObject({ status: 0 });
  expect(await keysOf(fay)).toEqual(await keysOf(line.laptop));
});
