/**
 * The role operator on a real engine: what it must not enter, each of which an admin enters first. And what tools are given:
 * Debian's Prometheus with the settings that `client add --for` prints, and `lend`.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { HOST_FILE, HOST_SECRET } from "../escapes/escape.ts";
import { devcontainerProgram } from "../support/devcontainer.ts";
import { freePort } from "../support/free-port.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { outputOf, type Person, personOf } from "../support/gateway/people.ts";
import { startPrometheus } from "../support/prometheus.ts";
import { sampleBy } from "../support/sample.ts";

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

/** What of the host a container has. */
interface Hold {
  /** Of `docker create`. */
  readonly flags: string | readonly string[];
  /** What an admin runs in it, and what shows there that the host is reached. */
  readonly runs?: string;
  readonly prints?: string | RegExp;
  /** Of a container that does not start here, because a test host is a container itself: what inspect shows. */
  readonly shows?: object;
  readonly check: string;
}

const reads = (flags: string, check = "hostPathVolumes"): Hold => ({
  ...{ flags, check, runs: "cat /host/of-the-host", prints: HOST_SECRET },
});

const holds: readonly (readonly [string, Hold])[] = [
  ["a path", reads("-v /root:/host")],
  ["a path, read-only", reads("-v /root:/host:ro")],
  ["a path behind a volume", reads("-v data:/data -v /root:/host")],
  ["a path by a mount", reads("--mount type=bind,src=/root,dst=/host,readonly")],
  ["a volume that binds", reads("-v binds:/host", "volumeDriver")],
  ["Docker's socket", { ...reads("-v /run/docker.sock:/s"), runs: "ls -l /s", prints: /^srw/ }],
  ["Docker's socket, read-only", { ...reads("-v /run/docker.sock:/s:ro"), runs: "ls -l /s", prints: /^srw/ }],
  [
    "a file that everybody may read, to write",
    {
      ...reads("-v /etc/hosts:/h"),
      runs: "sh -c 'echo 127.0.0.9 written >>/h; cat /h'",
      prints: "127.0.0.9 written",
    },
  ],
  [
    "the host's processes",
    { flags: "--pid host", runs: "cat /proc/1/comm", prints: "systemd", check: "hostNamespaces" },
  ],
  [
    "the host's network",
    { flags: "--network host", runs: "cat /proc/net/unix", prints: "/run/systemd/", check: "hostNamespaces" },
  ],
  [
    "the host's shared memory",
    {
      ...{ flags: "--ipc host", runs: "cat /dev/shm/of-the-host", prints: HOST_SECRET },
      check: "hostNamespaces",
    },
  ],
  [
    "a capability",
    {
      ...{ flags: "--cap-add SYS_ADMIN", runs: "grep CapEff /proc/self/status", check: "capabilities" },
      // bit 21
      prints: /[2367abef][0-9a-f]{5}$/m,
    },
  ],
  [
    "no seccomp",
    {
      ...{ flags: "--security-opt seccomp=unconfined", check: "seccomp" },
      shows: { SecurityOpt: ["seccomp=unconfined"] },
    },
  ],
  [
    "all of /proc",
    { flags: "--security-opt systempaths=unconfined", shows: { MaskedPaths: [] }, check: "procMount" },
  ],
  ["privileged", { flags: "--privileged", shows: { Privileged: true }, check: "privileged" }],
  [
    "a device",
    {
      ...{ flags: "--device /dev/null:/dev/x", check: "devices" },
      shows: { Devices: [expect.objectContaining({ PathOnHost: "/dev/null" })] },
    },
  ],
  [
    "a rule for devices",
    {
      ...{ flags: ["--device-cgroup-rule", "b *:* rwm"], check: "devices" },
      shows: { DeviceCgroupRules: ["b *:* rwm"] },
    },
  ],
  [
    "a cgroup of the host",
    {
      ...{ flags: "--cgroup-parent system.slice", shows: { CgroupParent: "system.slice" } },
      check: "cgroupParent",
    },
  ],
];

/** Others every day. */
const A_DAY = 8;

describe("the role operator does not enter a container that has something of the host", () => {
  const held = "held";
  beforeAll(async () => {
    await line.host.root(`printf '%s' '${HOST_SECRET}' | tee ${HOST_FILE} >/dev/shm/of-the-host
      docker volume create -o type=none -o o=bind -o device=/root binds`);
    await ok(admin, "run -d --name neighbour -v data:/data tiny sleep 1000");
  });
  afterEach(() => admin.api.call({ method: "DELETE", target: `/containers/${held}?force=1` }));
  afterAll(() => ok(admin, "rm -f neighbour"));

  test.each(sampleBy("what an operator does not enter", holds, A_DAY))(
    "%s",
    async (_what, { flags, runs, prints, shows, check }) => {
      const words = typeof flags === "string" ? flags.split(" ") : flags;
      const create = (who: Person, name: string) =>
        line.laptop.docker(["create", "--name", name, ...words, "tiny", "sleep", "1000"], { env: who.env });
      expect(await create(admin, held)).toMatchObject({ status: 0 });
      if (runs !== undefined) {
        await ok(admin, `start ${held}`);
        expect(
          await outputOf(
            line.laptop.bash(`docker exec ${held} ${runs}`, { env: admin.env }),
            `docker exec ${runs}`,
          ),
        ).toMatch(prints ?? "");
      }
      if (shows !== undefined)
        expect(await admin.api.json("GET", `/containers/${held}/json`)).toMatchObject({ HostConfig: shows });

      const refusal = new RegExp(
        `root in this container is root on the host: .*; ask an admin \\(check ${check}\\)`,
        "s",
      );
      expect((await docker(operator, `exec ${held} true`)).stderr).toMatch(refusal);
      const attach = { method: "POST", target: `/containers/${held}/attach?stream=1&stdin=1` };
      expect((await operator.api.call(attach)).body).toMatch(refusal);
      if (runs !== undefined) {
        const body = { Cmd: ["true"] };
        const { Id } = await admin.api.json<{ Id: string }>("POST", `/containers/${held}/exec`, body);
        const start = { method: "POST", target: `/exec/${Id}/start`, body: { Detach: true } };
        expect((await operator.api.call(start)).body).toMatch(refusal);
        await operator.api.json("POST", `/containers/${held}/restart?t=0`);
      }
      expect((await create(operator, "mine")).stderr).toMatch(/may not call ContainerCreate: /);
      expect(await ok(operator, "exec neighbour echo inside")).toBe("inside\n");
      await operator.api.json("DELETE", `/containers/${held}?force=1`);
    },
  );
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

test("a dev container starts with the preset vscode, and one that mounts a path of the host is refused", async () => {
  await addFor("vscode");
  const { env } = await personOf(line, join(line.laptop.folder, "vscode"));
  const program = await devcontainerProgram();
  const project = async (name: string, settings: object): Promise<string> => {
    const folder = join(line.laptop.folder, name);
    await mkdir(join(folder, ".devcontainer"), { recursive: true });
    await writeFile(join(folder, ".devcontainer/devcontainer.json"), JSON.stringify(settings));
    return folder;
  };
  const devcontainer = (words: string, folder: string) =>
    line.laptop.bash(`${process.execPath} ${program} ${words.replace("FOLDER", folder)}`, { env });
  const unmounted = await project("unmounted", { image: "tiny", workspaceMount: "", workspaceFolder: "/" });
  const up = await devcontainer("up --workspace-folder FOLDER", unmounted);
  expect(up, up.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining('"outcome":"success"') });
  const id = await devcontainer("exec --workspace-folder FOLDER id -u", unmounted);
  expect(id, id.stderr).toMatchObject({ status: 0, stdout: "0\n" });
  const mounted = await devcontainer(
    "up --workspace-folder FOLDER",
    await project("mounted", { image: "tiny" }),
  );
  expect(mounted.status).toBe(1);
  expect(mounted.stderr).toMatch(
    /the role deployer may not call ContainerCreate: .*\(check hostPathVolumes\)/,
  );
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
