/** People and machines with a line that a gateway guards: let in, judged by role, shut out at once. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { enrol } from "../support/gateway/people.ts";

let line: GatewayLine;

beforeAll(async () => {
  line = await openGatewayLine("gwclients");
  await line.host.root("docker run -d --name box -e PASSWORD=hunter2 tiny sh -c 'echo secret; sleep 100000'");
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

const tetherdock = (...args: string[]) => line.laptop.tetherdock(args);

test("a viewer sees only lists and inspections without values", async () => {
  const { env } = await enrol(line, "vera@desk", "viewer");
  const docker = (...args: string[]) => line.laptop.docker(args, { env });
  expect(await docker("ps", "--format", "{{.Names}}")).toMatchObject({ status: 0, stdout: "box\n" });
  const inspected = await docker("inspect", "box");
  expect(inspected).toMatchObject({ status: 0, stdout: expect.stringContaining('"PASSWORD=***"') });
  expect(inspected.stdout).not.toContain("hunter2");
  for (const args of [
    ["rm", "-f", "box"],
    ["exec", "box", "true"],
    ["logs", "box"],
    ["cp", "box:/etc/passwd", "-"],
    ["run", "tiny"],
  ])
    expect(await docker(...args), args.join(" ")).toMatchObject({
      status: expect.any(Number),
      stderr: expect.stringContaining("tetherdock:"),
    });
  expect((await line.laptop.docker(["ps", "-q"], { env: line.env })).stdout.trim()).not.toBe("");
});

/** Where people put passwords, all of them `hunter2`. */
const SECRETS = `
  docker volume create --opt type=tmpfs --opt device=tmpfs --opt o=size=1m --label token=hunter2 cifs
  docker network create --opt private.token=hunter2 --label token=hunter2 net
  docker run -d --name app --network net -v cifs:/c -l token=hunter2 --health-cmd 'echo hunter2' --health-interval 1s \
    -e PASSWORD=hunter2 tiny sh -c ': hunter2; sleep 100000'
  docker exec app sh -c ': hunter2'
  docker swarm init --advertise-addr 127.0.0.1 >/dev/null
  docker service create --detach --quiet --name svc --env PASSWORD=hunter2 --label token=hunter2 tiny sh -c ': hunter2; sleep 100000'`;

test("docker's own commands work with the fields that a viewer sees, and show no password", async () => {
  await line.host.root(`set -e; ${SECRETS}`);
  const { env } = await enrol(line, "victor@desk", "viewer");
  const works = async (command: string) => {
    const { status, stdout, stderr } = await line.laptop.bash(`docker ${command}`, { env });
    // cgroups of a host that is a container itself
    const errors = stderr.replaceAll(/^WARNING: No [^\n]* support\n/gm, "");
    expect.soft({ command, status, errors }).toEqual({ command, status: 0, errors: "" });
    expect.soft(stdout, command).not.toContain("hunter2");
    return stdout;
  };
  expect.soft(await works("ps -a --no-trunc")).toContain('"sh ***"');
  expect
    .soft(await works("inspect app --format '{{json .Config.Env}} {{.Path}}'"))
    .toMatch(/"PASSWORD=\*\*\*".* sh/);
  expect
    .soft(await works("events --since 1h --until 0s --filter container=app"))
    .toContain("exec_create: sh ***");
  expect.soft(await works("info")).toContain("Swarm: active");
  expect.soft(await works("stats --no-stream app")).toContain("app");
  expect.soft(await works("system df -v")).toContain("app");
  expect.soft(await works("service ps svc")).toContain("svc.1");
  expect.soft(await works("service inspect --pretty svc")).toMatch(/Args:\s+\*\*\* \*\*\*/);
  for (const command of [
    ...[
      "ps -s",
      "images --digests",
      "inspect app",
      "inspect tiny",
      "version",
      "volume ls",
      "volume inspect cifs",
    ],
    ...[
      "network ls",
      "network inspect net",
      "network inspect --verbose net",
      "system df",
      "info -f '{{json .}}'",
    ],
    ...["node ls", "node inspect self", "node inspect --pretty self", "service ls", "service inspect svc"],
    ...["node ps", "stack ls", "ps --format '{{.Labels}} {{.Mounts}} {{.Networks}} {{.Ports}}'"],
  ])
    await works(command);
});

test("revoking closes an open stream within a second, and only that client's", async () => {
  const { env } = await enrol(line, "adam@desk", "admin");
  // since: nothing is missed, however late the daemon hears of the watchers
  const watch = `exec docker events --since ${Math.floor(Date.now() / 1000)}`;
  await using his = line.laptop.startBash(watch, { env });
  await using ours = line.laptop.startBash(watch, { env: line.env });
  await line.laptop.docker(["tag", "tiny", "tiny:first"], { env: line.env });
  await Promise.all([his.until(/tiny:first/), ours.until(/tiny:first/)]);
  const revoked = await tetherdock("client", "revoke", "adam@desk");
  const before = Date.now();
  expect(revoked).toMatchObject({ status: 0, stdout: "adam@desk\n" });
  expect(revoked.stderr).toMatch(
    /^the gateway closed \d connections? in \d+ ms\n {2}ended SystemEvents \/\S+ from \S+\n$/,
  );
  expect((await his.ended).status).not.toBe(0);
  expect(Date.now() - before).toBeLessThan(1000);
  expect(await line.laptop.docker(["ps"], { env })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("revoked"),
  });
  await line.laptop.docker(["tag", "tiny", "tiny:second"], { env: line.env });
  await ours.until(/tiny:second/);
  expect((await tetherdock("client", "restore", "adam@desk")).status).toBe(0);
  expect((await line.laptop.docker(["ps"], { env })).status).toBe(0);
});

test("an expired client is refused, and the list shows it", async () => {
  const { env } = await enrol(line, "guest@desk", "admin", "--expires", "1s");
  await expect
    .poll(async () => (await line.laptop.docker(["ps"], { env })).stderr, { timeout: 10_000 })
    .toContain("expired");
  const { stdout } = await tetherdock("client", "ls");
  expect(stdout).toMatch(/^guest@desk +admin +expired /m);
  expect(stdout).toMatch(/^vera@desk +viewer +active +- /m);
});

test("refused: a known name, a known key, removing the last admin, a viewer's admin call", async () => {
  const pub = join(line.laptop.folder, "vera@desk", "pub.pem");
  expect(await tetherdock("client", "add", "vera@desk", "--public-key", pub)).toMatchObject({
    status: 3,
    stderr: expect.stringContaining("already"),
  });
  expect(await tetherdock("client", "add", "other@desk", "--public-key", pub)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("already belongs to vera@desk"),
  });
  expect((await tetherdock("client", "rm", "adam@desk")).status).toBe(0);
  expect((await tetherdock("client", "rm", "guest@desk")).status).toBe(0);
  const [own = ""] = JSON.parse((await tetherdock("client", "ls", "--json")).stdout).map(
    ({ name }: { name: string }) => name,
  );
  expect(await tetherdock("client", "revoke", own)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("no active admin"),
  });
  expect(await tetherdock("client", "rm", "nobody@desk")).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("there is no client"),
  });
});

test("status, sessions, reload", async () => {
  expect(await tetherdock("gateway", "status")).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^gateway .* audit ok\n$/),
  });
  await using events = line.laptop.startBash("docker events", { env: line.env });
  await expect
    .poll(async () => (await tetherdock("gateway", "sessions")).stdout, { timeout: 30_000 })
    .toContain("SystemEvents");
  const sessions: { id: string; operation: string | null }[] = JSON.parse(
    (await tetherdock("gateway", "sessions", "--json")).stdout,
  );
  const { id = "" } = sessions.find(({ operation }) => operation === "SystemEvents") ?? {};
  expect(await tetherdock("gateway", "sessions", "--cut", id)).toMatchObject({ status: 0 });
  expect((await events.ended).status).not.toBe(0);
  expect(await tetherdock("gateway", "reload")).toMatchObject({ status: 0, stdout: "reloaded\n" });
});
