/** `up --local`: the built package on the host itself, with a Node carried along; no ssh anywhere. */
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type DoctorReport, shortFindings } from "../support/doctor.ts";
import { exposure } from "../support/exposure.ts";
import { bootHost, type Flavour, type Host } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { mustRun, type Output } from "../support/run.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

const EXECUTABLES = fileURLToPath(new URL("../../dist/executables", import.meta.url));
const BUILD = fileURLToPath(new URL("../../tools/build.ts", import.meta.url));
let built: string;

beforeAll(async () => {
  built = await mkdtemp(join(tmpdir(), "tetherdock-local-"));
  await mustRun([process.execPath, BUILD, join(built, "dist")]);
  await cp(EXECUTABLES, join(built, "dist/executables"), { recursive: true });
});
afterAll(() => rm(built, { recursive: true }));

/** Puts package and Node (and the one library it needs that a bare Debian has not) into the user's home there. @returns a command line for `sh` on the host */
async function install(host: Host): Promise<(words: string) => string> {
  const node = join(process.execPath, "..");
  const files = [
    "-C",
    built,
    "dist",
    "-C",
    node,
    "node",
    "-C",
    "/usr/lib/x86_64-linux-gnu",
    "libatomic.so.1",
  ];
  const ssh = `ssh -F ${host.sshConfig} ${destinationOf(host)} 'tar -x'`;
  await mustRun(["sh", "-c", `tar -hc "$@" | ${ssh}`, "sh", ...files]);
  return (words) => `LD_LIBRARY_PATH=$HOME PATH=$HOME:$PATH SHELL=/bin/sh node $HOME/dist/main.js ${words}`;
}

/** What `doctor --local` finds at the host's IPv4 address; its IPv6 address is looked at, too, and shows the same. */
async function expectFoundLocally(
  host: Host,
  local: (words: string) => Promise<Output>,
  findings: readonly string[],
): Promise<void> {
  const { stdout, stderr, status } = await local("doctor --local --json");
  const [report] = (JSON.parse(stdout) as { reports: DoctorReport[] }).reports;
  if (!report) throw new Error(`no report: ${stderr}`);
  expect(report.inside.looked).toBe(true);
  expect(report.endpoints.map(({ address }) => address)).toEqual(expect.arrayContaining([`${host.ip}:2376`]));
  const found = shortFindings(report, host).filter((finding) => !finding.includes("IP6"));
  expect(found).toEqual(findings);
  expect(status).toBe(findings.length > 0 ? 13 : 0);
}

test.each<[Flavour, string, number]>([
  ["debian", "pitfall-1", 2375],
  ["coreos", "pitfall-2", 2376],
])("%s, %s: up, again, docker over the line, down", async (flavour, state, openPort) => {
  await using host = await bootHost({ flavour, state });
  await using laptop = await makeLaptop(host.sshConfig);
  const tetherdock = await install(host);
  const local = (words: string) => host.ssh(tetherdock(words));
  const before = [await host.fingerprint(), await exposure(host)];
  expect(before[1]).toContain("the engine");
  await expectFoundLocally(host, local, [`critical api-without-tls IP:${openPort}`]);

  const up = await local("up --local --yes --json");
  expect(up.status, up.stderr).toBe(0);
  expect(JSON.parse(up.stdout)).toMatchObject({ changed: true, line: { name: "local", target: null } });
  expect(await exposure(host)).not.toContain("the engine");
  await expectFoundLocally(host, local, []);
  const version = "/usr/bin/docker version -f '{{.Server.Version}}'";
  expect(await local(`run -- ${version}`)).toMatchObject({ status: 0, stderr: "" });
  const evaluated = await host.ssh(`eval "$(${tetherdock("env")})"; echo $DOCKER_HOST; ${version}`);
  expect(evaluated).toMatchObject({ status: 0, stdout: `tcp://${host.ip}:2376\n20.10.24+dfsg1\n` });

  const settled = [await host.fingerprint(), await daemonRun(host)];
  const again = await local("up --local --yes");
  expect(again).toMatchObject({ status: 0, stderr: expect.stringMatching(/nothing to do\n$/) });
  expect([await host.fingerprint(), await daemonRun(host)]).toEqual(settled);
  const remote = await laptop.tetherdock(["up", destinationOf(host), "--yes", "--json"]);
  expect(JSON.parse(remote.stdout)).toMatchObject({ error: { code: "HOST_HAS_LINE" } });

  const refused = await local("down --local --yes --json");
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "DOWN_EXPOSES" } });
  expect(await local("down --local --yes --reopen")).toMatchObject({ status: 0 });
  expect([await host.fingerprint(), await exposure(host)]).toEqual(before);
  expect((await local("ls --json")).stdout).toBe("[]\n");
});

test("lend --dir, with the folder that one is in, behind a local gateway", async () => {
  await using host = await bootHost({});
  const tetherdock = await install(host);
  const local = (words: string, before = "true") => host.ssh(`${before} && ${tetherdock(words)}`);
  expect(await local("up --local --gateway --yes")).toMatchObject({ status: 0 });
  await host.root("mk-tiny; mkdir -p /srv/shop; ln -s /srv/shop /root/shop");
  const lend = (script: string) =>
    local(`lend deployer --for 1h --dir . -- sh -c '${script}'`, "cd /root/shop");
  const run = "docker run --rm tiny";
  expect(await lend(run.replace("tiny", "-v /srv/shop:/work tiny touch /work/made"))).toMatchObject({
    status: 0,
  });
  expect(await host.root("ls /srv/shop")).toBe("made\n");
  expect(await lend(run.replace("tiny", "-v /root/shop:/work tiny true"))).toMatchObject({
    status: 125,
    stderr: expect.stringContaining("use -v /srv/shop:/path"),
  });
  expect(await local("client ls --json")).toMatchObject({ stdout: expect.not.stringContaining("lend-") });
});
