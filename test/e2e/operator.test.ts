/**
 * The role operator on a real engine. And what tools are given: Debian's Prometheus with the settings that `client add --for`
 * prints, and `lend`.
 */

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiCaller } from "../support/gateway/api-caller.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { startPrometheus } from "../support/prometheus.ts";

let line: GatewayLine;
let operator: Record<string, string>;
let api: { readonly admin: ApiCaller; readonly operator: ApiCaller };

/** Adds a client for a tool. @returns what is printed, and its variables */
async function addFor(
  tool: string,
): Promise<{ readonly printed: string; readonly env: Record<string, string> }> {
  const added = await line.laptop.tetherdock(["client", "add", tool, "--for", tool]);
  expect(added, added.stderr).toMatchObject({ status: 0 });
  return { printed: added.stdout, env: { ...line.env, DOCKER_CERT_PATH: join(line.laptop.folder, tool) } };
}

const docker = (env: Record<string, string>, command: string, ...last: string[]) =>
  line.laptop.docker([...command.split(" "), ...last], { env });

async function ok(env: Record<string, string>, command: string, ...last: string[]): Promise<string> {
  const { status, stdout, stderr } = await docker(env, command, ...last);
  expect(status, `docker ${command}\n${stderr}`).toBe(0);
  return stdout;
}

beforeAll(async () => {
  line = await openGatewayLine("operator");
  operator = (await addFor("portainer")).env;
  const read = (name: string) => readFile(join(operator["DOCKER_CERT_PATH"] ?? "", name), "utf8");
  const [ca, cert, key] = await Promise.all([read("ca.pem"), read("cert.pem"), read("key.pem")]);
  api = {
    admin: new ApiCaller(await line.keys()),
    operator: new ApiCaller({ host: line.host.ip, port: 2376, ca, cert, key }),
  };
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

describe("the role operator", () => {
  test("works with everybody's containers, and creates what a deployer may", async () => {
    await ok(line.env, "network create net");
    const clock = "-v /etc/localtime:/etc/localtime:ro";
    await ok(line.env, `run -d --name web -p 80:80 -v data:/data --network net ${clock} tiny sleep 1000`);
    expect(await ok(operator, "ps --format {{.Names}}")).toBe("web\n");
    expect(await ok(operator, "exec web echo inside")).toBe("inside\n");
    await ok(operator, "top web");
    await ok(operator, "stop -t 0 web");
    await ok(operator, "start web");
    await ok(operator, "logs web");
    expect((await docker(operator, "run --rm -v /:/host tiny true")).stderr).toContain("hostPathVolumes");
    expect(await ok(operator, "run --rm tiny echo mine")).toBe("mine\n");
    await ok(operator, "rm -f web");
    expect(await ok(operator, "system prune -f --volumes")).toContain("net");
  });

  test("does not start an exec that an admin has created with --privileged", async () => {
    await ok(line.env, "run -d --name plain tiny sleep 1000");
    const body = { Cmd: ["true"], Privileged: true };
    const { Id } = await api.admin.json<{ Id: string }>("POST", "/containers/plain/exec", body);
    const start = { method: "POST", target: `/exec/${Id}/start`, body: { Detach: true } };
    expect((await api.operator.call(start)).body).toContain("the exec is privileged");
    expect((await api.admin.call(start)).body).not.toContain("tetherdock");
    await ok(operator, "rm -f plain");
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

test("Prometheus discovers containers and their labels with the printed settings", async () => {
  await ok(line.env, "run -d --name scraped -e SECRET=hunter2 --label job=web tiny sleep 1000");
  const { printed } = await addFor("prometheus");
  await using prometheus = await startPrometheus(printed, await freePort());
  const found = async () => (await prometheus.targets()).map(({ discoveredLabels }) => discoveredLabels);
  await expect.poll(found, { timeout: 60_000 }).toHaveLength(1);
  expect(await found()).toMatchObject([
    { __meta_docker_container_name: "/scraped", __meta_docker_container_label_job: "web" },
  ]);
  await ok(line.env, "rm -f scraped");
});

test("what a command with a lent role leaves behind is removed with its client", async () => {
  const script =
    "docker run -d --name left -v kept:/data tiny sleep 1000; docker ps --format {{.Names}}; exit 5";
  const lent = await line.laptop.tetherdock(["lend", "deployer", "--for", "1h", "--", "bash", "-c", script]);
  expect(lent, lent.stderr).toMatchObject({ status: 5, stdout: expect.stringMatching(/\nleft\n$/) });
  expect(lent.stderr).toMatch(
    /ContainerCreate.*lend-\w+ is revoked and removed, with 2 things that it made/s,
  );
  expect(await ok(line.env, "ps -aq --filter name=left")).toBe("");
  expect(await ok(line.env, "volume ls -q --filter name=kept")).toBe("");
  expect((await line.laptop.tetherdock(["client", "ls"])).stdout).not.toContain("lend-");
});
