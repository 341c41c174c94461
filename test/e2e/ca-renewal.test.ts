/**
 * A line's CA ends while three clients work: an admin's laptop, two machines that joined, each with requests and an open
 * stream. `up` renews it, `renew` brings it to the others, and then the old certificate really ends.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isRenewalOf } from "../../src/pki/index.ts";
import { ageCa } from "../support/aged-ca.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { joinedLaptop } from "../support/gateway/people.ts";
import { bootHost } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { COUNTS, SteadyClient } from "../support/steady-client.ts";

const DAY_MS = 86_400_000;

/** Of the line. */
let name = "";
let line: GatewayLine;
let bob: Laptop;
let eva: Laptop;
/** His machine is off meanwhile. */
let dan: Laptop;

const joined = (client: string) => joinedLaptop(line, client, "operator");

const caOf = (laptop: Laptop) => readFile(join(laptop.home, "lines", name, "docker/ca.pem"), "utf8");
const untilOver = (at: number) => new Promise((resolve) => setTimeout(resolve, at - Date.now()));

beforeAll(async () => {
  line = await openGatewayLine("carenewal");
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

/** Kills a command at one of its renames. strace counts for each thread, so there is one for files. */
const killedAt = (write: number) =>
  `UV_THREADPOOL_SIZE=1 strace -f -qq -e trace=rename -e inject=rename:signal=KILL:when=${write} -o /dev/null`;

const up = () => ["up", `${line.host.user}@${line.host.name}`];

test("a year before its end, status, doctor and the plan of up name what helps; env waits for the last 30 days", async () => {
  const { host, laptop } = line;
  await ageCa(host, laptop, [bob], name, Date.now() + 300.5 * DAY_MS);
  const command = `tetherdock up ${host.user}@${host.name}`;
  const status = await laptop.tetherdock(["status"]);
  expect(status).toMatchObject({ status: 1, stderr: expect.stringContaining("ends in 300 days") });
  expect(status.stderr).toContain(`renew it: ${command}`);
  const doctor = await laptop.tetherdock(["doctor", name]);
  expect(doctor.stdout).toMatch(/the line's CA ends in 300 days/);
  expect(doctor.stdout).toContain(command);
  expect(await laptop.tetherdock(["env"])).toMatchObject({ status: 0, stderr: "" });
  expect(await bob.tetherdock(["status"])).toMatchObject({ status: 0 });
  await ageCa(host, laptop, [bob], name, Date.now() + 20.5 * DAY_MS);
  expect((await laptop.tetherdock(["env"])).stderr).toContain(`renew it: ${command}`);
  expect((await bob.tetherdock(["env"])).stderr).toContain(`tetherdock renew --force ${name}   # after`);
  const plan = await laptop.tetherdock([...up(), "--dry-run"]);
  expect(plan.stdout + plan.stderr).toContain("the next one has the same key");
});

test("three clients work through the renewal and the end of the old CA without a failed request", async () => {
  const { host, laptop } = line;
  const until = Date.now() + 90_000;
  const old = await ageCa(host, laptop, [bob, eva, dan], name, until);
  const clients = await Promise.all([laptop, bob, eva].map((one) => SteadyClient.start(one, "box")));

  const done = await laptop.tetherdock([...up(), "--yes"]);
  expect(done, done.stderr).toMatchObject({ status: 0 });
  const next = await caOf(laptop);
  expect(isRenewalOf(next, old, Date.now())).toBe(true);
  expect(await host.root("cat /etc/tetherdock/ca.pem")).toBe(next);
  expect(await host.root("systemctl show -P NRestarts tetherdock-gateway docker")).toBe("0\n\n0\n");

  const renewed = await bob.tetherdock(["renew", "--force"]);
  expect(renewed).toMatchObject({
    status: 0,
    stderr: expect.stringContaining("has the new CA, valid until"),
  });
  expect(await eva.tetherdock(["renew", "--force"])).toMatchObject({ status: 0 });
  expect([await caOf(bob), await caOf(eva)]).toEqual([next, next]);
  expect(Date.now(), "all of it was done before the old CA ended").toBeLessThan(until);

  await untilOver(until + 2_000);
  const results = await Promise.all(clients.map((one) => one.stop()));
  console.log(`requests: ${results.map(({ requests }) => requests).join(", ")}`);
  for (const result of results) expect(result).toMatchObject({ failures: [], isStreaming: true });
  for (const { requests } of results) expect(requests).toBeGreaterThan(20);

  const late = await dan.tetherdock(["run", "--", "docker", "ps"]);
  expect(late.status).toBe(1);
  expect(late.stderr).toMatch(/has ended, and every certificate with it/);
  expect(late.stderr).toMatch(/failed to verify certificate/);
  expect(await laptop.tetherdock(["status"])).toMatchObject({ status: 0 });
});

test("who missed it gets in with the file, by the same key", async () => {
  const { laptop } = line;
  const path = join(dan.home, "lines", name, "docker/ca.pem");
  expect(await dan.bash(`cp ${join(laptop.home, "lines", name, "docker/ca.pem")} ${path}`)).toMatchObject({
    status: 0,
  });
  expect(await dan.tetherdock(["run", "--", "docker", "ps", "-q"])).toMatchObject({ status: 0 });
});

test("killed at any of its writes, renew leaves the old CA or the next, and the client works", async () => {
  const { host, laptop } = line;
  expect(await bob.tetherdock(["context", "create"])).toMatchObject({ status: 0 });
  for (let write = 1; ; write += 1) {
    const old = await ageCa(host, laptop, [bob], name, Date.now() + 30 * DAY_MS);
    expect(await laptop.tetherdock([...up(), "--yes"])).toMatchObject({ status: 0 });
    const killed = await bob.bash(`${killedAt(write)} tetherdock renew --force`);
    const ca = await caOf(bob);
    expect(ca === old || isRenewalOf(ca, old, Date.now())).toBe(true);
    expect(await bob.tetherdock(["run", "--", "docker", "ps", "-q"])).toMatchObject({ status: 0 });
    if (killed.status === 0) {
      console.log(`renew was killed at ${write - 1} writes`);
      expect(write).toBeGreaterThan(2);
      break;
    }
    expect(await bob.tetherdock(["renew", "--force"])).toMatchObject({ status: 0 });
    expect(await caOf(bob)).toBe(await caOf(laptop));
  }
});

test("killed at any of its writes here, up leaves the old CA or the next, and the next up ends it", async () => {
  const { host, laptop } = line;
  expect(await laptop.tetherdock(["context", "create"])).toMatchObject({ status: 0 });
  for (let write = 1; ; write += 1) {
    const old = await ageCa(host, laptop, [], name, Date.now() + 30 * DAY_MS);
    const killed = await laptop.bash(`${killedAt(write)} tetherdock ${up().join(" ")} --yes`);
    const ca = await caOf(laptop);
    expect(ca === old || isRenewalOf(ca, old, Date.now())).toBe(true);
    expect(await laptop.tetherdock(["run", "--", "docker", "ps", "-q"])).toMatchObject({ status: 0 });
    expect(await bob.tetherdock(["run", "--", "docker", "ps", "-q"])).toMatchObject({ status: 0 });
    if (killed.status === 0) {
      console.log(`up was killed at ${write - 1} writes`);
      expect(write).toBeGreaterThan(1);
      break;
    }
    expect(await laptop.tetherdock([...up(), "--yes"])).toMatchObject({ status: 0 });
    expect(isRenewalOf(await caOf(laptop), old, Date.now())).toBe(true);
    expect(await host.root("cat /etc/tetherdock/ca.pem")).toBe(await caOf(laptop));
  }
});

test("in native mode docker restarts once, and certificates of before are valid under both", async () => {
  await using host = await bootHost({ name: "canative" });
  await using laptop = await makeLaptop(host.sshConfig);
  const command = ["up", `${host.user}@${host.name}`, "--yes"];
  expect(await laptop.tetherdock(command)).toMatchObject({ status: 0 });
  const old = await ageCa(host, laptop, [], host.name, Date.now() + 300 * DAY_MS);
  const done = await laptop.tetherdock(command);
  expect(done, done.stderr).toMatchObject({ status: 0, stderr: expect.stringContaining("restart") });
  expect(await laptop.tetherdock(["run", "--", "docker", "ps", "-q"])).toMatchObject({ status: 0 });
  await laptop.bash(`cat > "${laptop.home}/lines/${host.name}/docker/ca.pem"`, { input: old });
  expect(await laptop.tetherdock(["run", "--", "docker", "ps", "-q"])).toMatchObject({ status: 0 });
});
