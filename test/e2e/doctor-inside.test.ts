/** The look from inside on real hosts: what it finds in each state, and that it leaves no trace. */
import { describe, expect, test } from "vitest";
import { apiWithoutTls } from "../../src/doctor/checks/api-without-tls.ts";
import { insideChecks } from "../../src/doctor/checks/inside/index.ts";
import { type Inside, type Problem, runChecks } from "../../src/doctor/index.ts";
import type { EndpointReport } from "../../src/doctor/subject.ts";
import { probe } from "../../src/system/probing/prober.ts";
import { bootHost, type Flavour, type Host } from "../support/host.ts";
import { look } from "../support/look-inside.ts";

/** Plain HTTP only: the other probes are the outside look's own test. */
async function plainReport({ ip }: Host, port: number): Promise<EndpointReport> {
  const endpoint = { host: ip, port };
  const seen = await probe({ endpoint, credential: { kind: "plain" }, timeoutMs: 3_000 });
  return { endpoint, serverName: ip, why: "named", probes: [{ caller: "plain", seen }], offer: null };
}

/** Findings by id. */
async function diagnose(host: Host, inside: Inside): Promise<Map<string, readonly Problem[]>> {
  const endpoints = [await plainReport(host, 2375), await plainReport(host, 2376)];
  const subject = { name: "t", now: Date.now(), endpoints, inside, insideMissing: null, line: null };
  const results = runChecks([apiWithoutTls, ...insideChecks], subject);
  return new Map(
    results.flatMap((result) =>
      result.outcome === "failed" ? [[result.check.id, result.problems] as const] : [],
    ),
  );
}

/** Looks twice around a fingerprint: equal, or the look has changed the host. */
async function lookWithoutTrace(host: Host): Promise<Inside> {
  const before = await host.fingerprint();
  const inside = await look(host);
  expect(await host.fingerprint()).toBe(before);
  return inside;
}

const ids = async (host: Host, inside: Inside) => [...(await diagnose(host, inside)).keys()].sort();

const holders = ({ listeners }: Inside, address: string) =>
  listeners
    .find((listener) => listener.address === address)
    ?.holders.map(({ command, unit }) => `${command} ${unit}`);

describe.for<Flavour>(["debian", "coreos"])("the inspection from inside on %s", (flavour) => {
  test("pristine: no findings; a missing systemd makes no difference", async () => {
    await using host = await bootHost({ name: "inside", flavour });
    const inside = await lookWithoutTrace(host);
    expect(await ids(host, inside)).toEqual([]);
    expect(holders(inside, "/run/docker.sock")).toEqual(["systemd init.scope", "dockerd docker.service"]);
    expect(inside.modes).toContainEqual({
      path: "/run/docker.sock",
      kind: "socket",
      mode: "660",
      owner: "root:docker",
    });
    expect(inside.unitCommandLine).toEqual(inside.facts.commandLine);

    await host.state("foreign-tls");
    const told = await lookWithoutTrace(host);
    const own = await look(host, "systemctl() { return 1; }");
    expect(own.unitCommandLine).toEqual(told.unitCommandLine);
    expect(own.facts.commandLine).toEqual(told.facts.commandLine);
    expect(own.facts.service.units.map(({ text }) => text)).toEqual(
      told.facts.service.units.map(({ text }) => text),
    );
    expect(own.facts.sockets.map(({ unit }) => unit)).toEqual(["docker.socket"]);
    const keys = ({ modes }: Inside) => modes.filter(({ kind }) => kind === "key").map(({ path }) => path);
    expect(keys(own)).toEqual(keys(told));
    expect(keys(told)).toContain("/etc/docker/tls/server-key.pem");
    expect(told.certificates.map(({ role }) => role)).toEqual(["ca", "server"]);
    expect(await ids(host, told)).toEqual([]);
  });

  test("the two pitfalls: systemd holds the listener, whatever the flags say", async () => {
    await using host = await bootHost({ name: "inside", flavour, state: "pitfall-1" });
    const first = await lookWithoutTrace(host);
    expect(holders(first, "[::]:2375")).toEqual(["systemd init.scope", "dockerd docker.service"]);
    expect(await ids(host, first)).toEqual(["api-without-tls"]);

    await host.reset();
    await host.state("pitfall-2-2015");
    const second = await lookWithoutTrace(host);
    const found = await diagnose(host, second);
    expect([...found.keys()].sort()).toEqual(["api-without-tls", "tls-flags-not-applied"]);
    expect(found.get("tls-flags-not-applied")?.[0]?.evidence.join("\n")).toMatch(
      /runs with --tlsverify=true.*docker-tcp\.socket hands TCP 2376.*\[::\]:2376 is held by systemd/s,
    );
  });

  test("a stopped docker stays stopped", async () => {
    await using host = await bootHost({ name: "inside", flavour, state: "docker-on-demand" });
    expect(await ids(host, await lookWithoutTrace(host))).toEqual([]);
    await host.root("systemctl stop docker.socket");
    expect(await ids(host, await lookWithoutTrace(host))).toEqual(["docker-not-running"]);
    expect(await host.root("systemctl show -p ActiveState --value docker.service docker.socket")).toBe(
      "inactive\n\ninactive\n",
    );
  });

  test("who else has access, and a daemon that was never restarted", async () => {
    await using host = await bootHost({ name: "inside", flavour, state: "foreign-tls" });
    await host.root(`chmod 666 /run/docker.sock
      gpasswd -a plain docker; gpasswd -a core docker
      chmod 755 /etc/docker/tls; chmod 644 /etc/docker/tls/server-key.pem
      cat /etc/docker/tls/server.pem >>/etc/docker/tls/ca.pem
      mk-tiny
      docker run -d --restart always --name spy -v /var/run/docker.sock:/s.sock tiny sleep 1000
      printf '[Service]\\nEnvironment=X=1\\n' >/etc/systemd/system/docker.service.d/later.conf`);
    const inside = await lookWithoutTrace(host);
    const found = await diagnose(host, inside);
    expect([...found.keys()].sort()).toEqual([
      "container-mounts-socket",
      "daemon-older-than-unit",
      "docker-group-members",
      "docker-socket-mode",
      "key-mode",
      "many-client-authorities",
    ]);
    expect(inside.dockerGroup.toSorted()).toEqual(["core", "plain"]);
    expect(found.get("docker-group-members")?.[0]?.says).toBe("plain can become root through group docker");
    expect(found.get("key-mode")?.[0]?.where).toBe("/etc/docker/tls/server-key.pem");
    expect(found.get("container-mounts-socket")?.[0]?.where).toBe("container spy");
  });

  test("a firewall between is named", async () => {
    await using host = await bootHost({ name: "inside", flavour, state: "foreign-tls" });
    await host.state("firewalled");
    const found = await diagnose(host, await lookWithoutTrace(host));
    expect([...found.keys()]).toEqual(["listening-not-reachable"]);
    expect(found.get("listening-not-reachable")?.[0]?.evidence.join("\n")).toMatch(
      /iptables: -A INPUT ! -i lo -p tcp .*--dport 2376 -j DROP/,
    );
  });
});
