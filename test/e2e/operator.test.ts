/**
 * The role operator on a real engine. And what tools are given: Debian's Prometheus with the settings that `client add --for`
 * prints, and `lend`.
 */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../support/free-port.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { outputOf, type Person, personOf } from "../support/gateway/people.ts";
import { startPrometheus } from "../support/prometheus.ts";

let line: GatewayLine;
let admin: Person;
let operator: Person;

/** Adds a client for a tool. @returns what is printed */
const addFor = (tool: string): Promise<string> =>
  outputOf(line.laptop.tetherdock(["client", "add", tool, "--for", tool]), `client add --for ${tool}`);

/** @param command words between single spaces */
const docker = ({ env }: Person, command: string) => line.laptop.docker(command.split(" "), { env });

const ok = (who: Person, command: string): Promise<string> =>
  outputOf(docker(who, command), `docker ${command}`);

beforeAll(async () => {
  line = await openGatewayLine("operator");
  await addFor("portainer");
  admin = await personOf(line);
  operator = await personOf(line, join(line.laptop.folder, "portainer"));
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

describe("the role operator", () => {
  test("works with everybody's containers, and creates what a deployer may", async () => {
    await ok(admin, "network create net");
    const clock = "-v /etc/localtime:/etc/localtime:ro";
    await ok(admin, `run -d --name web -p 80:80 -v data:/data --network net ${clock} tiny sleep 1000`);
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
    await ok(admin, "run -d --name plain tiny sleep 1000");
    const body = { Cmd: ["true"], Privileged: true };
    const { Id } = await admin.api.json<{ Id: string }>("POST", "/containers/plain/exec", body);
    const start = { method: "POST", target: `/exec/${Id}/start`, body: { Detach: true } };
    expect((await operator.api.call(start)).body).toContain("the exec is privileged");
    expect((await admin.api.call(start)).body).not.toContain("tetherdock");
    await ok(operator, "rm -f plain");
  });
});

test("Prometheus discovers containers and their labels with the printed settings", async () => {
  await ok(admin, "run -d --name scraped -e SECRET=hunter2 --label job=web tiny sleep 1000");
  const printed = await addFor("prometheus");
  await using prometheus = await startPrometheus(printed, await freePort());
  const found = async () => (await prometheus.targets()).map(({ discoveredLabels }) => discoveredLabels);
  await expect.poll(found, { timeout: 60_000 }).toHaveLength(1);
  expect(await found()).toMatchObject([
    { __meta_docker_container_name: "/scraped", __meta_docker_container_label_job: "web" },
  ]);
  await ok(admin, "rm -f scraped");
});

test("what a command with a lent role leaves behind is removed with its client", async () => {
  const script =
    "docker run -d --name left -v kept:/data tiny sleep 1000; docker ps --format {{.Names}}; exit 5";
  const lent = await line.laptop.tetherdock(["lend", "deployer", "--for", "1h", "--", "bash", "-c", script]);
  expect(lent, lent.stderr).toMatchObject({ status: 5, stdout: expect.stringMatching(/\nleft\n$/) });
  expect(lent.stderr).toMatch(
    /ContainerCreate.*lend-\w+ is revoked and removed, with 2 things that it made/s,
  );
  expect(await ok(admin, "ps -aq --filter name=left")).toBe("");
  expect(await ok(admin, "volume ls -q --filter name=kept")).toBe("");
  expect((await line.laptop.tetherdock(["client", "ls"])).stdout).not.toContain("lend-");
});
