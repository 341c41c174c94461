/** What people have reported of their own hosts, on real ones. Others of the kind: states of test/hosts, host-paths. */
import { describe, expect, test } from "vitest";
import { expectProven } from "../support/expect-proven.ts";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";
import { destinationOf } from "../support/up-and-down.ts";

const BYTE_ORDER_MARK = "\\357\\273\\277"; // for printf
const DROP_INS = "/etc/systemd/system/docker.service.d";
const RESTART =
  "systemctl daemon-reload; systemctl reset-failed docker.service; systemctl restart docker.service";

/** Whether the host's own users get the API in the clear. */
async function localTcp(host: Host): Promise<boolean> {
  const { status } = await host.ssh("curl -fsS -m 5 http://127.0.0.1:2375/_ping", { user: "plain" });
  return status === 0;
}

/** A host whose docker listens on 127.0.0.1:2375 in the clear: after up it does not; after down it does, to the byte. */
async function upClosesDownRestores(host: Host, laptop: Laptop): Promise<void> {
  expect(await localTcp(host), "open to local users before").toBe(true);
  const before = await host.fingerprint();
  const up = await laptop.tetherdock(["up", destinationOf(host), "--yes"]);
  expect(up, up.stderr).toMatchObject({ status: 0 });
  await expectProven(laptop, host, host.name);
  expect(await localTcp(host), "open to local users while the line is up").toBe(false);
  const down = await laptop.tetherdock(["down", host.name, "--yes", "--reopen"]);
  expect(down, down.stderr).toMatchObject({ status: 0 });
  expect(await host.fingerprint()).toBe(before);
  expect(await localTcp(host), "as before").toBe(true);
}

describe("settings in daemon.json and in the unit", () => {
  test("26.1: no docker.socket, --config-file as two words, and a file with a byte order mark and hosts", async () => {
    await using host = await bootHost({ release: "trixie", flavour: "upstream", state: "no-docker-socket" });
    await using laptop = await makeLaptop(host.sshConfig);
    const json = '{ "hosts": ["unix:///run/docker.sock", "tcp://127.0.0.1:2375"] }';
    await host.root(`set -e
printf '${BYTE_ORDER_MARK}%s' '${json}' >/etc/docker/engine.json
mkdir -p ${DROP_INS}
cat >${DROP_INS}/config.conf <<'END'
[Service]
ExecStart=
ExecStart=/usr/bin/dockerd --config-file /etc/docker/engine.json
END
${RESTART}`);
    const { stdout } = await laptop.tetherdock(["up", destinationOf(host), "--dry-run"]);
    expect(stdout).toContain("/etc/docker/engine.json");
    expect(stdout).not.toContain("daemon.json");
    await upClosesDownRestores(host, laptop);
  });

  test("20.10: the drop-in from Docker's manual; and a byte order mark, which this dockerd does not read", async () => {
    await using host = await bootHost({ flavour: "upstream" });
    await using laptop = await makeLaptop(host.sshConfig);
    await host.root(`set -e
mkdir -p ${DROP_INS}
cat >${DROP_INS}/override.conf <<'END'
[Service]
ExecStart=
ExecStart=/usr/bin/dockerd -H fd:// -H tcp://127.0.0.1:2375
END
${RESTART}`);
    await upClosesDownRestores(host, laptop);
    await host.root(`printf '${BYTE_ORDER_MARK}{}' >/etc/docker/daemon.json`);
    const before = await host.fingerprint();
    const up = ["up", destinationOf(host), "--yes"];
    await expectRefused(laptop, up, "DAEMON_JSON_BROKEN", /byte order mark/);
    expect(await host.fingerprint()).toBe(before);
    expect(await host.root("dockerd --config-file /etc/docker/daemon.json 2>&1 || true")).toMatch(
      /invalid character/,
    );
  });
});

test("docker disabled, a drop-in that overrides ours, another user's dockerd: reported before anything changes", async () => {
  await using host = await bootHost({ release: "trixie" });
  await using laptop = await makeLaptop(host.sshConfig);
  const up = ["up", destinationOf(host)];
  const dryRun = () => laptop.tetherdock([...up, "--dry-run"]);

  await host.root("systemctl disable --quiet --now docker.service docker.socket");
  let before = await host.fingerprint();
  await expectRefused(laptop, [...up, "--yes"], "DOCKER_DISABLED", /disabled/);
  expect(await host.fingerprint()).toBe(before);
  await host.root("systemctl enable --quiet --now docker.socket docker.service");

  const later = `${DROP_INS}/zzz-ours.conf`;
  await host.root(`mkdir -p ${DROP_INS}
printf '[Service]\\nExecStart=\\nExecStart=/usr/sbin/dockerd -H fd:// --debug\\n' >${later}
systemctl daemon-reload`);
  before = await host.fingerprint();
  const { hints } = await expectRefused(laptop, [...up, "--yes"], "DROP_IN_OVERRULED", later);
  expect(await host.fingerprint()).toBe(before);
  await host.root(`${hints[0]}\nsystemctl daemon-reload`);
  expect(await dryRun(), "after the hint's mv").toMatchObject({ status: 0, stderr: "" });

  // A fake with the name and owner of a rootless dockerd, which is what up checks.
  await host.root(
    "cp /bin/sleep /home/plain/dockerd; systemd-run --quiet --uid=plain /home/plain/dockerd infinity",
  );
  expect(await dryRun()).toMatchObject({
    status: 0,
    stderr: "",
    stdout: expect.stringMatching(/plain runs a rootless dockerd/),
  });
});
