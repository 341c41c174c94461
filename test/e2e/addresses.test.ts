/** A line by an IPv6 address and by a DNS name: what clients dial is what the user said. */
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { builds } from "../support/life/builds.ts";
import { composes } from "../support/life/composes.ts";
import { openShell, type Shell } from "../support/life/shell.ts";
import { evaluated, ways } from "../support/life/ways.ts";
import { treeOf } from "../support/tree.ts";

const NAMED = fileURLToPath(new URL("../../scripts/lib/laptop", import.meta.url));
const UP = { status: 0, stderr: expect.stringMatching(/^line \w+ is up$/m) };

let host: Host;
let laptop: Laptop;

beforeAll(async () => {
  host = await bootHost({ name: "address" });
  laptop = await makeLaptop(host.sshConfig);
  await host.root("mk-tiny");
});
afterAll(async () => {
  await host?.[Symbol.asyncDispose]();
  await laptop?.[Symbol.asyncDispose]();
});

describe("an IPv6 address", () => {
  const shells: Shell[] = [];
  const first = () => shells[0] as Shell;

  test("with or without brackets, it is the line's address", async () => {
    const up = (address: string) =>
      laptop.tetherdock(["up", `root@${host.name}`, "--name", "six", "--address", address, "--yes"]);
    expect(await up(host.ip6)).toMatchObject(UP);
    expect(await up(`[${host.ip6}]`)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("nothing to do"),
    });
    const env = await laptop.bash('eval "$(tetherdock env)"; echo "$DOCKER_HOST"');
    expect(env.stdout).toBe(`tcp://[${host.ip6}]:2376\n`);
    const ls = await laptop.tetherdock(["ls", "--json"]);
    expect(JSON.parse(ls.stdout)).toMatchObject([
      { name: "six", address: host.ip6, port: 2376, problems: [] },
    ]);
    expect(await laptop.tetherdock(["status"])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`[${host.ip6}]:2376`),
    });
  });

  test.each(ways)("docker reaches this host by $name", async (way) => {
    const shell = await openShell(laptop, host, way);
    shells.push(shell);
    expect(await shell.must("docker info --format '{{.Name}}'")).toBe(host.name);
  });

  builds(first, evaluated);
  composes(first);

  test("down", async () => {
    expect(await laptop.tetherdock(["down", "six", "--yes"])).toMatchObject({ status: 0 });
  });
});

describe("a DNS name", () => {
  /** On this laptop both names are the host's, for ssh too: see scripts/lib/laptop. */
  const named = (script: string) => {
    const names = [`web.example=${host.name}`, `other.example=${host.name}`];
    const bash = ["/bin/bash", "--norc", "-euc", script];
    // the ssh that users have, with the configuration of this laptop's home
    const env = { PATH: `${laptop.folder}/named:${process.env["PATH"]}` };
    return laptop.run([NAMED, laptop.folder, ...names, "--", ...bash], { env });
  };
  const other = "tetherdock run -- /usr/bin/docker -H tcp://other.example:2376 images -q tiny";

  test("given to ssh is the line's address and gives the line its name", async () => {
    await laptop.bash(`mkdir named; ln -s ../bin/tetherdock named/; ln -s ${process.execPath} named/`);
    expect(await named("tetherdock up root@web.example --yes")).toMatchObject(UP);
    expect((await named("tetherdock env web")).stdout).toContain("DOCKER_HOST=tcp://web.example:2376\n");
    expect(await named("tetherdock status --json")).toMatchObject({ status: 0 });
  });

  test("docker and docker-compose reach this host by it, with env, run and context", async () => {
    const info = "/usr/bin/docker info --format '{{.Name}}'";
    const reached = await named(`
      tetherdock run -- ${info}
      tetherdock context create --use >/dev/null
      ${info}
      tetherdock context rm web >/dev/null
      eval "$(tetherdock env)"
      ${info}
      printf 'version: "3"\\nservices:\\n  one:\\n    image: tiny\\n    command: echo composed\\n' >one.yml
      /usr/bin/docker-compose -f one.yml up --no-color --abort-on-container-exit`);
    expect(reached).toMatchObject({ status: 0 });
    const { name } = host;
    expect(reached.stdout.split("\n").slice(0, 3)).toEqual([name, name, name]);
    expect(reached.stdout).toMatch(/one_1 +\| composed\n/);
  });

  test("the certificate is for that name, and for another one only after --san", async () => {
    expect(await named(other)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/certificate is valid for web\.example, .*not other\.example/),
    });
    expect(await named("tetherdock up root@web.example --san OTHER.example. --yes")).toMatchObject(UP);
    expect(await named(other)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^[0-9a-f]{12}\n$/),
    });
    expect(await named("tetherdock up root@web.example --yes")).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("nothing to do"),
    });
    expect(await named("tetherdock down web --yes")).toMatchObject({ status: 0 });
  });

  test("that does not resolve here ends in an error that names it, and nothing changes", async () => {
    const [before, home] = [await host.fingerprint(), await treeOf(laptop.home)];
    const up = ["up", `root@${host.name}`, "--address", "nosuch.example", "--yes"];
    const { status, stderr } = await laptop.tetherdock(up);
    expect(status).toBe(4);
    expect(stderr).toMatch(/error: nosuch\.example does not resolve/);
    expect(stderr, "docker is not restarted to find that out").not.toContain("restart docker\n");
    expect(await host.fingerprint()).toBe(before);
    expect(await treeOf(laptop.home)).toBe(home);
  });
});
