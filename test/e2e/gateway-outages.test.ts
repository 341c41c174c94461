/** What breaks on the host while people work: the gateway killed, dockerd restarted, the audit log's disk full. */
import { once } from "node:events";
import { connect } from "node:tls";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import type { Release } from "../support/host.ts";

const SERVICE = "tetherdock-gateway.service";
const LOG = "/var/log/private/tetherdock-gateway";

let line: GatewayLine;
const docker = (...args: string[]) => line.laptop.docker(args, { env: line.env });
const mainPid = async ({ host }: GatewayLine) =>
  (await host.root(`systemctl show -P MainPID ${SERVICE}`)).trim();

beforeAll(async () => {
  line = await openGatewayLine("gwout");
  await line.host.root("docker run -d --name stays tiny sleep 100000");
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

test("killed during a build: the client gets an error, docker is not affected, the next call waits", async () => {
  const started = await line.host.root("docker inspect -f '{{.State.StartedAt}}' stays");
  await using build = line.laptop.startBash(
    "printf 'FROM tiny\\nRUN echo under way; sleep 1000\\n' | DOCKER_BUILDKIT=0 docker build -",
    { env: line.env },
  );
  await build.until(/under way/);
  await line.host.root(`kill -9 ${await mainPid(line)}`);
  const { status, text } = await build.ended;
  expect(status).not.toBe(0);
  expect(text).toMatch(/EOF|closed|reset/i);
  // systemd holds the port meanwhile: no connection is refused
  expect(await docker("ps", "--filter", "name=stays", "--format", "{{.Names}}")).toMatchObject({
    status: 0,
    stdout: "stays\n",
  });
  expect(await line.host.root("docker inspect -f '{{.State.StartedAt}}' stays")).toBe(started);
  const verified = await line.laptop.tetherdock(["audit", "verify", line.host.name]);
  expect(verified, verified.stderr).toMatchObject({ status: 0 });
});

test("killed at each of seven starts in a row: systemd keeps the port, and starts it once more", async () => {
  // reset-failed: systemd counts starts anew, so that its default limit would always be reached
  const killed = await line.host.root(`systemctl reset-failed ${SERVICE}; last=0; n=0
    while [ $n -lt 7 ]; do
      pid=$(systemctl show -P MainPID ${SERVICE})
      if [ "$pid" != 0 ] && [ "$pid" != "$last" ]; then kill -9 "$pid"; last=$pid; n=$((n + 1)); fi
      [ "$(systemctl is-active ${SERVICE})" != failed ] || break
    done; echo $n`);
  expect(killed).toBe("7\n");
  expect(await docker("ps", "--filter", "name=stays", "--format", "{{.Names}}")).toMatchObject({
    status: 0,
    stdout: "stays\n",
  });
});

/** Has a container kill the gateway, by a start whose body never ends. @returns that start's records */
async function startKiller(on: GatewayLine): Promise<unknown[]> {
  const pid = await mainPid(on);
  // not --privileged: Engine 20.10 asks for capabilities that a host in a container has not
  await on.host.root(`docker create --name killer --pid host tiny sh -c "kill -9 ${pid}"`);
  const client = connect({ ...(await on.keys()), ALPNProtocols: ["http/1.1"] }).on("error", () => {});
  await once(client, "secureConnect");
  let answer = "";
  client.on("data", (bytes) => {
    answer += bytes;
    client.destroy();
  });
  // dockerd refuses a start with more than 7 bytes, and does not wait for fewer
  client.write("POST /containers/killer/start HTTP/1.1\r\nHost: docker\r\nContent-Length: 2\r\n\r\n{");
  if (!client.closed) await once(client, "close", { signal: AbortSignal.timeout(30_000) });
  expect(answer, "killed before it could answer").toBe("");
  const { status, stdout, stderr } = await on.laptop.tetherdock(["audit", on.host.name, "--json"]);
  expect(status, stderr).toBe(0);
  expect(await mainPid(on), "another process than the one that was killed").not.toBe(pid);
  const records = stdout.split("\n").filter((record) => record.includes("/containers/killer/start"));
  return records.map((record) => JSON.parse(record));
}

test.each<Release>(["bookworm", "trixie"])(
  "%s: a container that kills the gateway, started by an endless request, is in the log",
  async (release) => {
    await using own = release === "bookworm" ? null : await openGatewayLine("gwkill", { release });
    const on = own ?? line;
    expect(await startKiller(on)).toEqual([
      expect.objectContaining({
        event: "start",
        operation: "ContainerStart",
        decision: "allow",
        status: null,
      }),
    ]);
    const verified = await on.laptop.tetherdock(["audit", "verify", on.host.name]);
    expect(verified, verified.stderr).toMatchObject({ status: 0 });
  },
);

test("dockerd restarted under load: calls fail while it is down, and then work through the same gateway", async () => {
  const client = new Docker({ protocol: "https", version: "v1.41", ...(await line.keys()) });
  const pid = await mainPid(line);
  const outcomes: boolean[] = [];
  let over = false;
  const load = Array.from({ length: 4 }, async () => {
    while (!over)
      outcomes.push(
        await client.listContainers().then(
          () => true,
          () => false,
        ),
      );
  });
  await line.host.root("systemctl restart docker");
  const atRestart = outcomes.length;
  await expect.poll(() => outcomes.length, { timeout: 60_000 }).toBeGreaterThan(atRestart + 40);
  over = true;
  await Promise.all(load);
  expect(outcomes.slice(-20)).toEqual(Array(20).fill(true));
  expect(await mainPid(line)).toBe(pid);
});

test("docker's socket removed: 502 with the reason; restored: works as before", async () => {
  await line.host.root("systemctl stop docker.service docker.socket");
  const gone = await docker("ps");
  expect(gone).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/Docker on the host did not answer: .*(ENOENT|ECONNREFUSED)/),
  });
  await line.host.root("systemctl start docker.socket docker.service");
  expect(await docker("ps")).toMatchObject({ status: 0 });
});

test("no disk space for the audit log: requests are refused; with space again they work, and the log says so", async () => {
  await line.host.root(
    `systemctl stop ${SERVICE}; mount -t tmpfs -o size=256k tmpfs ${LOG}; systemctl start ${SERVICE}`,
  );
  expect(await docker("ps")).toMatchObject({ status: 0 });
  await line.host.root(`head -c 1m /dev/zero >${LOG}/filler || true`);
  await expect
    .poll(async () => (await docker("ps")).stderr, { timeout: 60_000 })
    .toContain("the audit log on the host cannot be written");
  const status = await line.laptop.tetherdock(["gateway", "status", line.host.name]);
  expect(status.status).toBe(1);
  await line.host.root(`rm ${LOG}/filler`);
  await expect.poll(async () => (await docker("ps")).status, { timeout: 60_000 }).toBe(0);
  expect(await line.host.root(`cat ${LOG}/*`)).toContain("audit-resumed");
  await line.host.root(`systemctl stop ${SERVICE}; umount ${LOG}; systemctl start ${SERVICE}`);
  expect(await docker("ps")).toMatchObject({ status: 0 });
});
