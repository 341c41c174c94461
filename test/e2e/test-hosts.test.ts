/** The tests' own hosts: that a fingerprint is steady where nothing changed and sees what did. */
import { describe, expect, test } from "vitest";
import { bootHost, type Flavour, missingRelease, type Release } from "../support/host.ts";
import { run } from "../support/run.ts";

const startsWith = (text: string): RegExp => new RegExp(`^${RegExp.escape(text)}`);

describe.for<Flavour>(["debian", "coreos"])("bootHost on %s", (flavour) => {
  test("the fingerprint survives a reboot, a state changes it, and undoing the state restores it", async () => {
    await using host = await bootHost({ flavour });
    const pristine = await host.fingerprint();
    expect(pristine).toMatch(/^docker\.service {2}enabled active$/m);
    expect(pristine).toMatch(/^docker-tcp\.socket {2}absent inactive$/m);
    await host.reboot();
    expect(await host.fingerprint()).toBe(pristine);

    await host.state("pitfall-1");
    const open = await host.fingerprint();
    expect(open).toMatch(/^docker-tcp\.socket {2}enabled active$/m);
    expect(open).toMatch(/^\/etc\/systemd\/system\/docker-tcp\.socket {2}[0-9a-f]{64}$/m);
    await host.root(`systemctl disable --quiet --now docker-tcp.socket
      rm /etc/systemd/system/docker-tcp.socket
      systemctl daemon-reload
      systemctl restart docker.service`);
    expect(await host.fingerprint()).toBe(pristine);
  });

  test("a mode, a link and a byte each change it", async () => {
    await using host = await bootHost({ flavour });
    const seen = new Set([await host.fingerprint()]);
    for (const change of [
      "mkdir -m 700 /var/lib/tetherdock",
      "chmod 711 /var/lib/tetherdock",
      "ln -s a /etc/link",
      "ln -sfn b /etc/link",
      "echo x >>/etc/hosts",
      "systemctl disable --quiet docker.socket",
      "systemctl stop docker.service",
    ]) {
      await host.root(change);
      seen.add(await host.fingerprint());
    }
    expect(seen.size).toBe(8);
    await host.reset();
    expect((await host.ssh("ls /var/lib/tetherdock")).status).toBe(2);
  });
});

const noForky = await missingRelease("forky");
describe.for<[Release, string, string]>([
  ["bookworm", "20.10.24", "252"],
  ["trixie", "26.1.5", "257"],
  ["forky", "2", "2"],
])("bootHost of %s", ([release, engine, systemd]) => {
  test.skipIf(release === "forky" && noForky !== null)(
    "has the Engine and systemd of its generation, and runs a container",
    async () => {
      await using host = await bootHost({ release });
      expect(await host.root("docker version --format '{{.Server.Version}}'")).toMatch(startsWith(engine));
      expect(await host.root("systemctl --version")).toMatch(startsWith(`systemd ${systemd}`));
      expect(await host.root("mk-tiny >/dev/null; docker run --rm tiny echo hi")).toBe("hi\n");
      expect(await host.root("systemctl is-system-running")).toBe("running\n");
    },
  );
});

test("two hosts: different names and addresses, status and output of commands, removed afterwards", async () => {
  let name = "";
  {
    await using one = await bootHost({ name: "one", flavour: "upstream", state: "docker-stopped" });
    await using two = await bootHost({ name: "two" });
    name = one.name;
    expect(one.ip).not.toBe(two.ip);
    expect(one.ip6).not.toBe(two.ip6);
    expect(await one.ssh("whoami; echo no >&2; exit 7", { user: "plain" })).toEqual({
      stdout: "plain\n",
      stderr: "no\n",
      status: 7,
    });
    expect(await one.ssh("cat", { input: "in" })).toMatchObject({ stdout: "in", status: 0 });
    expect((await one.ssh("docker ps")).status).not.toBe(0);
    const jumped = await run(["ssh", "-F", one.sshConfig, "-J", one.name, two.name, "hostname"]);
    expect(jumped.stdout).toBe(`${two.name}\n`);
  }
  const list = await run([new URL("../hosts/vps", import.meta.url).pathname, "list"]);
  expect(list.stdout).not.toContain(name);
});
