/** What breaks on the host while people work: the gateway killed, dockerd restarted, the audit log's disk full. */
import { once } from "node:events";
import { connect } from "node:tls";
import Docker from "dockerode";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";

const SERVICE = "tetherdock-gateway.service";
const LOG = "/var/log/private/tetherdock-gateway";

let line: GatewayLine;
const docker = (...args: string[]) => line.laptop.docker(args, { env: line.env });
const property = async (name: string) =>
  (await line.host.root(`systemctl show -P ${name} ${SERVICE}`)).trim();

beforeAll(async () => {
  line = await openGatewayLine("gwout");
  await line.host.root("docker run -d --name stays tiny sleep 100000");
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

test("killed in the midst of a build: the client is told, docker is unharmed, the next call just waits", async () => {
  const started = await line.host.root("docker inspect -f '{{.State.StartedAt}}' stays");
  await using build = line.laptop.startBash(
    "printf 'FROM tiny\\nRUN echo under way; sleep 1000\\n' | DOCKER_BUILDKIT=0 docker build -",
    { env: line.env },
  );
  await build.until(/under way/);
  await line.host.root(`kill -9 ${await property("MainPID")}`);
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

test("a container that kills the gateway, started by a request that never ends, is in the log", async () => {
  const pid = await property("MainPID");
  await line.host.root(`docker create --name killer --privileged --pid host tiny sh -c "kill -9 ${pid}"`);
  const client = connect({ ...(await line.keys()), ALPNProtocols: ["http/1.1"] }).on("error", () => {});
  await once(client, "secureConnect");
  // dockerd refuses a start with more than 7 bytes, and does not wait for fewer
  client.write("POST /containers/killer/start HTTP/1.1\r\nHost: docker\r\nContent-Length: 2\r\n\r\n{");
  if (!client.closed) await once(client, "close");
  const { status, stdout, stderr } = await line.laptop.tetherdock(["audit", line.host.name, "--json"]);
  expect(status, stderr).toBe(0);
  const records = stdout.split("\n").filter((record) => record.includes("/containers/killer/start"));
  expect(records.map((record) => JSON.parse(record))).toEqual([
    expect.objectContaining({ event: "start", operation: "ContainerStart", decision: "allow", status: null }),
  ]);
  expect(await property("MainPID")).not.toBe(pid);
  const verified = await line.laptop.tetherdock(["audit", "verify", line.host.name]);
  expect(verified, verified.stderr).toMatchObject({ status: 0 });
});

test("dockerd restarted under load: calls fail while it is away, and work again through the same gateway", async () => {
  const client = new Docker({ protocol: "https", version: "v1.41", ...(await line.keys()) });
  const pid = await property("MainPID");
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
  expect(await property("MainPID")).toBe(pid);
});

test("docker's socket gone: 502 and its reason; back: as before", async () => {
  await line.host.root("systemctl stop docker.service docker.socket");
  const gone = await docker("ps");
  expect(gone).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/Docker on the host did not answer: .*(ENOENT|ECONNREFUSED)/),
  });
  await line.host.root("systemctl start docker.socket docker.service");
  expect(await docker("ps")).toMatchObject({ status: 0 });
});

test("no room for the audit log: nothing is let through; room again: everything, and the log says so", async () => {
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
