/**
 * A container whose /etc/passwd or /etc/group is no ordinary file, on each engine: what it costs the host, and that the command
 * which doctor prints ends it, without a restart (ADR 0037).
 */
import { describe, expect, test } from "vitest";
import { userFileUnreadable } from "../../src/doctor/checks/inside/user-file-unreadable.ts";
import { bootHost, type Host, missingRelease, type Release } from "../support/host.ts";
import { look } from "../support/look-inside.ts";
import { subject } from "../support/subject.ts";

/** In a container. */
const PIPES = "rm -f /etc/passwd /etc/group; mkfifo /etc/passwd /etc/group";

/** How many of dockerd's threads wait for somebody to write into a pipe; besides those of containers' own output. */
const waiting = (host: Host): Promise<string> =>
  host.root(`cd /proc/$(pidof dockerd)/task
for t in $(grep -lsx wait_for_partner */wchan); do read -r _ _ at _ <\${t%/*}/syscall
  dd if=/proc/$(pidof dockerd)/mem bs=1 skip=$((at)) count=200 2>/dev/null | tr '\\0' '\\n' | head -n 1; done | grep -c /etc/ || true`);

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

describe.for<Release>(["bookworm", "trixie", "forky"])("a pipe in place of /etc/passwd, on %s", (release) => {
  test("a start waits, and others' prunes with it, until it is freed", async ({ skip }) => {
    const missing = await missingRelease(release);
    if (missing !== null) return skip(missing);
    await using host = await bootHost({ name: "pipe", release });
    await host.root(`${TINY}; docker run --name pipe tiny sh -c '${PIPES}'`);
    expect(await look(host)).toMatchObject({ userFiles: [] });
    await host.root("docker start pipe >/tmp/start 2>&1 & echo begun");
    await until(() => waiting(host), "1\n");
    expect(await answers(host, "container prune --force")).toBe(false);
    expect(await answers(host, "inspect pipe")).toBe(false);
    expect(await answers(host, "run --rm tiny true")).toBe(true);
    expect(await free(host)).toEqual(["/passwd", "/group"]);
    await until(() => answers(host, "container inspect pipe"), true);
    expect(await answers(host, "container prune --force")).toBe(true);
    expect(await waiting(host)).toBe("0\n");
  });

  test("dockerd does not start while it restarts such a container, until it is freed", async ({ skip }) => {
    const missing = await missingRelease(release);
    if (missing !== null) return skip(missing);
    await using host = await bootHost({ name: "pipe", release });
    await host.root(
      `${TINY}; docker run -d --restart always --name again tiny sh -c '${PIPES}; exec sleep 1000'`,
    );
    await until(async () => (await look(host)).userFiles.map(({ type }) => type), ["fifo", "fifo"]);
    await host.root("systemctl restart --no-block docker");
    await until(() => waiting(host), "1\n");
    expect(await answers(host, "version")).toBe(false);
    expect((await host.root("systemctl is-active docker || true")).trim()).toBe("activating");
    expect(await free(host)).toEqual(["/passwd", "/group"]);
    await until(async () => (await host.root("systemctl is-active docker || true")).trim(), "active");
    await until(() => host.root("docker ps --format '{{.Names}}'"), "again\n");
    expect(await answers(host, "rm --force again")).toBe(true);
  });
});
