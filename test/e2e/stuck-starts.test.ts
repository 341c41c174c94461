/**
 * A container whose /etc/passwd or /etc/group is no ordinary file, on each engine: what it costs the host, and that the command
 * which doctor prints ends it, without a restart (ADR 0037).
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { userFileUnreadable } from "../../src/doctor/checks/inside/user-file-unreadable.ts";
import { openGatewayLine } from "../support/gateway/line-on-host.ts";
import { enrol, outputOf } from "../support/gateway/people.ts";
import { bootHost, type Host, missingRelease, type Release } from "../support/host.ts";
import { look } from "../support/look-inside.ts";
import { expectRefused } from "../support/refusal.ts";
import { sampleBy } from "../support/sample.ts";
import { subject } from "../support/subject.ts";

/** In a container. */
const PIPES = "cd /etc; rm -f passwd group; mkfifo passwd ../pipe; ln -s /pipe group";

/** How many of dockerd's threads wait for somebody to write into a pipe; besides those of containers' own output. */
const waiting = (host: Host): Promise<string> =>
  host.root(`cd /proc/$(pidof dockerd)/task
for t in $(grep -lsx wait_for_partner */wchan); do read -r _ _ at _ <\${t%/*}/syscall
  dd if=/proc/$(pidof dockerd)/mem bs=1 skip=$((at)) count=200 2>/dev/null | tr '\\0' '\\n' | head -n 1; done | grep -c /merged/ || true`);

const answers = async (host: Host, command: string) =>
  (await host.ssh(`timeout 5 docker ${command}`, { user: "root" })).status === 0;

/** Types what doctor prints, for each file that it finds. */
async function free(host: Host): Promise<readonly string[]> {
  const problems = userFileUnreadable.run(subject({ inside: await look(host) }));
  for (const { fix } of problems) await host.root(fix[0] ?? "");
  return problems.map(({ where }) => where.slice(where.lastIndexOf("/")));
}

const until = (is: () => Promise<unknown>, expected: unknown) =>
  expect.poll(is, { timeout: 60_000 }).toEqual(expected);

const TINY = "command -v mk-tiny >/dev/null && mk-tiny >/dev/null";

const releases = sampleBy<Release>("stuck starts", ["bookworm", "trixie", "forky"], 1);

describe.for(releases)("a pipe in place of /etc/passwd, on %s", (release) => {
  test("a start waits, and others' prunes with it, until it is freed", async ({ skip }) => {
    const missing = await missingRelease(release);
    if (missing !== null) return skip(missing);
    await using host = await bootHost({ name: "pipe", release });
    await host.root(`${TINY}; docker run --name pipe tiny sh -c '${PIPES}'`);
    expect(await look(host)).toMatchObject({ facts: { userFiles: [] } });
    await host.root("docker start pipe >/tmp/start 2>&1 & echo begun");
    await until(() => waiting(host), "1\n");
    expect(await answers(host, "container prune --force")).toBe(false);
    expect(await answers(host, "inspect pipe")).toBe(false);
    expect(await answers(host, "run --rm tiny true")).toBe(true);
    expect(await free(host)).toEqual(["/passwd", "/pipe"]);
    await until(() => answers(host, "container inspect pipe"), true);
    expect(await answers(host, "container prune --force")).toBe(true);
    expect(await waiting(host)).toBe("0\n");
  });

  test("a deployer's container keeps dockerd from starting, until it is freed", async ({ skip }) => {
    const missing = await missingRelease(release);
    if (missing !== null) return skip(missing);
    await using line = await openGatewayLine("pipe", { release });
    const { host, laptop } = line;
    const { env } = await enrol(line, "dora@desk", "deployer");
    const run = (name: string, role = env) => laptop.docker(["run", "-d", ...words(name)], { env: role });
    const words = (name: string) => [
      ...["--restart", "always", "--name", name, "tiny", "sh", "-c", `${PIPES}; exec sleep 1000`],
    ];
    await outputOf(run("again"), "docker run");
    await until(async () => (await look(host)).facts.userFiles.map(({ type }) => type), ["fifo", "fifo"]);

    // what restarts docker itself refuses
    const up = ["up", `${host.user}@${host.name}`, "--native", "--yes"];
    const { hints } = await expectRefused(laptop, up, "DOCKER_WOULD_WAIT", "/merged/etc/passwd");
    expect(hints[0]).toContain("mv -T ./passwd");
    expect(await answers(host, "version")).toBe(true);

    // a role can close it
    const file = join(laptop.folder, "no-restarts.yaml");
    await writeFile(
      file,
      'version: 1\nname: no-restarts\nextends: deployer\nlimits:\n  restart:\n    allow: ["no"]\n',
    );
    await outputOf(laptop.tetherdock(["policy", "apply", file]), "policy apply");
    const steady = await enrol(line, "sam@desk", "no-restarts");
    expect(await run("steady", steady.env)).toMatchObject({
      stderr: expect.stringContaining("limit restart"),
    });

    await host.root("systemctl restart --no-block docker");
    await until(() => waiting(host), "1\n");
    expect(await answers(host, "version")).toBe(false);
    expect((await host.root("systemctl is-active docker || true")).trim()).toBe("activating");
    expect(await free(host)).toEqual(["/passwd", "/pipe"]);
    await until(async () => (await host.root("systemctl is-active docker || true")).trim(), "active");
    await until(() => host.root("docker ps --format '{{.Names}}'"), "again\n");
    expect(await answers(host, "rm --force again")).toBe(true);
  });
});
