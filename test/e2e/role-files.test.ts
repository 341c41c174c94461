/** A role of one's own on a real engine: applied from a file, given to a client, and refusing what exceeds its limit. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BEYOND } from "../escapes/binds.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { enrol, outputOf } from "../support/gateway/people.ts";
import type { Release } from "../support/host.ts";

const RELEASE = (process.env["ESCAPES_RELEASE"] ?? "bookworm") as Release;

const ROLE = `version: 1
name: web-team
extends: deployer
operations:
  deny: [ContainerExec]
limits:
  images:
    allow: [tiny]
`;

let line: GatewayLine;

beforeAll(async () => {
  line = await openGatewayLine("rolefiles", { release: RELEASE });
});
afterAll(async () => {
  await line?.[Symbol.asyncDispose]();
});

const tetherdock = (...args: string[]): Promise<string> =>
  outputOf(line.laptop.tetherdock(args), args.join(" "));

test("a limit refuses with the change that helps, warns when it is told to, and the role survives a restart", async () => {
  const file = join(line.laptop.folder, "web-team.yaml");
  const apply = async (text: string) => {
    await writeFile(file, text);
    return tetherdock("policy", "apply", file);
  };
  expect(await apply(ROLE)).toBe("web-team: new\n");
  const { env } = await enrol(line, "dora@desk", "web-team");
  const docker = (...args: string[]) => line.laptop.docker(args, { env });
  await line.host.root("docker tag tiny other");

  const refused =
    'the role web-team may not call ContainerCreate: Image is "other": use an image from tiny (limit images)';
  const explained = await line.laptop.tetherdock([
    ...["policy", "explain", "--role", file, "--", "docker", "run", "other", "true"],
  ]);
  expect(explained).toMatchObject({ status: 1, stdout: expect.stringContaining(`${refused}\n`) });
  expect(await docker("run", "other", "true")).toMatchObject({
    status: 125,
    stderr: expect.stringContaining(refused),
  });
  expect(await docker("run", "--name", "web", "tiny", "echo", "hi")).toMatchObject({
    status: 0,
    stdout: "hi\n",
  });
  expect(await docker("exec", "web", "true")).toMatchObject({
    stderr: expect.stringContaining("may not call ContainerExec: its role file denies it"),
  });

  expect(await apply(ROLE.replace("allow: [tiny]", "allow: [tiny]\n    mode: warn"))).toBe(
    "web-team: changed\n",
  );
  expect(await docker("run", "other", "echo", "hi")).toMatchObject({
    status: 0,
    stdout: "hi\n",
    stderr: expect.stringContaining(
      'tetherdock: the role web-team: Image is "other": use an image from tiny',
    ),
  });
  expect(await tetherdock("audit", "--client", "dora@desk", "--json")).toContain(
    "deployer-create warn:images",
  );

  await apply(ROLE);
  await line.host.root("systemctl restart tetherdock-gateway.service");
  expect(await docker("run", "other", "true")).toMatchObject({
    status: 125,
    stderr: expect.stringContaining(refused),
  });
});

const BINDS = `version: 1
name: shop-team
extends: deployer
binds:
  - path: /srv/shop
  - path: /srv/conf
    readOnly: true
  - path: /srv/missing
`;

test("a container binds exactly the paths of its role: no link that it makes there leads out", async () => {
  const file = join(line.laptop.folder, "shop-team.yaml");
  const apply = async (text: string) => {
    await writeFile(file, text);
    return line.laptop.tetherdock(["policy", "apply", file]);
  };
  expect(await apply(BINDS)).toMatchObject({ stdout: "shop-team: new\n" });
  const { env } = await enrol(line, "sara@desk", "shop-team");
  const by = (who: Record<string, string>) => (command: string, last: string) =>
    line.laptop.docker([...command.split(" "), "tiny", "sh", "-c", last], { env: who });
  const [admin, sara] = [by(line.env), by(env)];
  await line.host.root(`mkdir -p /srv/shop /srv/conf/below; mount -t tmpfs tmpfs /srv/conf/below
    printf secret >/root/of-the-host; chmod 600 /root/of-the-host`);

  // both can make the link; only an admin may mount it
  const link = "ln -sfn / /data/link";
  expect(await sara("run --rm -v /srv/shop:/data", link)).toMatchObject({ status: 0, stderr: "" });
  const read = "cat /host/root/of-the-host";
  const refused = {
    status: 125,
    stderr: expect.stringContaining("the role may bind exactly these: use -v /srv/shop:/path"),
  };
  for (const bind of BEYOND) {
    expect(await admin(`run --rm ${bind}`, read), bind).toMatchObject({ stdout: "secret" });
    expect(await sara(`run --rm ${bind}`, read), bind).toMatchObject(refused);
  }
  for (const bind of [
    "-v /srv:/data",
    "-v /srv/shop:/data:rshared",
    "-v /srv/shop:/data:Z",
    "-v /srv/conf:/data",
  ])
    expect(await sara(`run --rm ${bind}`, "true"), bind).toMatchObject(refused);

  // the folder itself cannot be replaced from inside
  const replace = "mv /data /gone || rmdir /data || { rm -rf /data/*; rmdir /data; } || echo stays";
  expect(await sara("run --rm -v /srv/shop:/data", replace)).toMatchObject({ stdout: "stays\n" });
  expect(await line.host.root("stat -c %F /srv/shop")).toBe("directory\n");

  // read-only as a whole: Engine 20.10 leaves what is mounted below writable
  const write = "touch /data/below/new && echo written";
  if (RELEASE === "bookworm")
    expect(await admin("run --rm -v /srv/conf:/data:ro", write)).toMatchObject({ stdout: "written\n" });
  expect(await sara("run --rm -v /srv/conf:/data:ro", write)).toMatchObject({
    stdout: "",
    stderr: expect.stringContaining("Read-only file system"),
  });

  // the engine creates nothing on the host
  expect(await sara("run --rm -v /srv/missing:/data", "true")).toMatchObject({
    status: 125,
    stderr: expect.stringContaining("does not exist"),
  });
  expect(await line.host.root("ls /srv")).toBe("conf\nshop\n");

  // another role's path may not be in a folder that containers write
  await writeFile(file, BINDS.replace("shop-team", "www-team").replace("/srv/shop", "/srv/shop/www"));
  expect(await line.laptop.tetherdock(["policy", "apply", file])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("could replace the other by a link"),
  });

  // a path that the role has lost is not bound again
  expect(await sara("create --name kept -v /srv/shop:/data", "true")).toMatchObject({ status: 0 });
  expect(await line.laptop.docker(["start", "-a", "kept"], { env })).toMatchObject({ status: 0 });
  expect(await apply(BINDS.replace("/srv/shop", "/srv/other"))).toMatchObject({
    stdout: "shop-team: changed\n",
  });
  expect(await line.laptop.docker(["start", "kept"], { env })).toMatchObject({
    stderr: expect.stringContaining('the role does not permit its bind of "/srv/shop"'),
  });
});

test("lend --dir permits binds of one folder, and its role is gone with its client, also after kill -9", async () => {
  await line.host.root("mkdir -p /srv/lent");
  const lend = (script: string) =>
    line.laptop.tetherdock([
      ...["lend", "deployer", "--for", "1h", "--dir", "/srv/lent", "--quiet", "--", "bash", "-c", script],
    ]);
  const run = "docker run --rm -v /srv/lent:/work tiny sh -c 'echo made >/work/file; ln -s / /work/link'";
  const beyond = "docker run --rm -v /srv/lent/link:/host tiny true";
  const lent = await lend(`${run} && ${beyond}`);
  expect(lent).toMatchObject({ status: 125, stderr: expect.stringContaining("use -v /srv/lent:/path") });
  expect(await line.host.root("cat /srv/lent/file")).toBe("made\n");
  expect(await tetherdock("policy", "ls")).not.toContain("lend-");

  await lend("kill -9 $PPID");
  const [left = ""] = /lend-\w+/.exec(await tetherdock("policy", "ls")) ?? [];
  expect(await tetherdock("client", "ls")).toContain(left);
  await tetherdock("client", "rm", left);
  expect(await tetherdock("policy", "ls")).not.toContain("lend-");

  expect(
    await line.laptop.tetherdock(["lend", "deployer", "--for", "1h", "--dir", "/etc", "--", "true"]),
  ).toMatchObject({
    status: 2,
    stderr: expect.stringContaining("is in /etc"),
  });
});

test("a path that shares files with Docker's data is not bound, also if the data is moved there later", async () => {
  const file = join(line.laptop.folder, "shop-team.yaml");
  await writeFile(file, BINDS);
  await line.laptop.tetherdock(["policy", "apply", file]);
  const { env } = await enrol(line, "moved@desk", "shop-team");
  const docker = (words: string, who = env) => line.laptop.docker(words.split(" "), { env: who });
  const restart = (where: string) =>
    line.host.root(`mkdir -p /srv/elsewhere /srv/shop/docker; ln -sfn ${where} /srv/data
      echo 'DOCKER_OPTS="--data-root=/srv/data"' >/etc/default/docker; systemctl restart docker; mk-tiny`);
  await restart("/srv/elsewhere");
  expect(await docker("create --name before -v /srv/shop:/data tiny")).toMatchObject({ status: 0 });
  await line.host.root("mv /srv/elsewhere/* /srv/shop/docker/");
  await restart("/srv/shop/docker");
  const refused = { stderr: expect.stringContaining("/srv/shop shares files with Docker's data folder") };
  expect(await docker("start before")).toMatchObject(refused);
  expect(await docker("cp before:/data/docker -")).toMatchObject({ status: 1 });
  expect(await docker("create -v /srv/shop:/data tiny")).toMatchObject(refused);
  expect(await docker("run --rm -v /srv/shop:/data tiny ls /data/docker", line.env)).toMatchObject({
    stdout: expect.stringContaining("volumes\n"),
  });
});
