/** The plan is right and yet it does not work out: the daemon refuses, a firewall is in between. */
import { describe, expect, test } from "vitest";
import { type CutStage, makeCutStage } from "../support/cut-stage.ts";
import type { Flavour } from "../support/host.ts";
import { withNames } from "../support/known-names.ts";

const flavours: readonly Flavour[] = ["debian", "coreos"];

const DROP_INS = "/etc/systemd/system/docker.service.d";

interface Told {
  readonly code: string;
  readonly message: string;
  readonly why: readonly string[];
  readonly hints: readonly string[];
}

/** `up` fails as told, and the host is as before the moment it ends. */
async function failedUp(stage: CutStage, before = stage.before): Promise<Told> {
  const { status, stdout, stderr } = await stage.laptop.tetherdock([...stage.up, "--json"]);
  expect(status, stderr).toBe(4);
  expect(await stage.host.fingerprint()).toBe(before);
  await stage.host.root("docker version >/dev/null");
  expect((await stage.laptop.tetherdock(["ls", "--json"])).stdout).not.toContain("web");
  const { error } = JSON.parse(stdout) as { error: Told };
  expect(error.why).toContain("the host was restored");
  expect(error.hints).not.toEqual([]);
  return error;
}

describe.for(flavours)("on %s", (flavour) => {
  test.concurrent("the daemon does not start with TLS: DOCKER_START_FAILED with its own message, the old one runs again", async () => {
    await using stage = await makeCutStage({ flavour, state: "daemon-refuses" });
    const { code, why } = await failedUp(stage);
    expect(code).toBe("DOCKER_START_FAILED");
    expect(why.join("\n")).toContain("TLS is not supported by this build");
  });

  test.concurrent("journald is late: up waits for the daemon's last message", async () => {
    await using stage = await makeCutStage({ flavour, state: "daemon-refuses" });
    // stopped in the moment of the first refusal, and a second later awake again
    await stage.host.root(`sed -i '/echo "failed/i \\
mkdir /run/late 2>/dev/null && {\\
journald=$(systemctl show -P MainPID systemd-journald)\\
systemd-run -q --on-active=1 --timer-property=AccuracySec=10ms kill -CONT "$journald"\\
kill -STOP "$journald"\\
}' /opt/vendor/refuse-tls`);
    const { code, why } = await failedUp(stage, await stage.host.fingerprint());
    expect(code).toBe("DOCKER_START_FAILED");
    expect(why.join("\n")).toContain("TLS is not supported by this build");
  });

  test.concurrent("the unit's program passes no flags on: NOT_REACHABLE says where to look", async () => {
    await using stage = await makeCutStage({ flavour });
    await stage.host.root(`mkdir -p ${DROP_INS}; cat >${DROP_INS}/shell.conf <<END
[Service]
ExecStart=
ExecStart=/bin/sh -c "exec $(command -v dockerd) -H fd://"
END
systemctl daemon-reload; systemctl restart docker.service`);
    const { code, message, hints } = await failedUp(stage, await stage.host.fingerprint());
    expect([code, message]).toEqual(["NOT_REACHABLE", `nothing listens on TCP 2376 of ${stage.host.ip}`]);
    expect(hints).toEqual([expect.stringContaining("systemctl cat docker.service")]);
  });

  test.concurrent("a firewall drops 2376: NOT_REACHABLE names it, and the suggested command opens the port", async () => {
    await using stage = await makeCutStage({ flavour, state: "firewalled" });
    const { code, message, why, hints } = await failedUp(stage);
    expect(code).toBe("NOT_REACHABLE");
    expect(message).toContain("2376");
    expect(why.join("\n")).toMatch(/packets are dropped: a firewall blocks them.*iptables/);
    const [open = ""] = hints;
    expect(open).toMatch(/^iptables .*YOUR_ADDRESS/);
    for (const program of ["iptables", "ip6tables"])
      await stage.host.root(open.replace("iptables", program).replace(/-s YOUR_ADDRESS/, ""));
    await stage.expectUp("with the port open");
    await stage.expectDown("with the port open");
  });
});

test("docker did not start before either: up says so, so that nobody suspects the plan", async () => {
  await using stage = await makeCutStage({ flavour: "upstream" });
  await stage.host.root(`echo '{ "storage-driver": "no-such-driver" }' >/etc/docker/daemon.json
systemctl restart docker.service || systemctl stop docker.service`);
  const before = await stage.host.fingerprint();
  const { status, stdout } = await stage.laptop.tetherdock([...stage.up, "--json"]);
  expect(status, stdout).toBe(4);
  const { error } = JSON.parse(stdout) as { error: Told };
  expect(error.code).toBe("DOCKER_START_FAILED");
  expect(error.why.join("\n")).toMatch(
    /driver not supported.*docker was not running before, either.*the host was restored/s,
  );
  expect(await stage.host.fingerprint()).toBe(before);
});

test("only IPv6 is dropped: up says so, and suggests a command that works", async () => {
  await using stage = await makeCutStage({ flavour: "debian" });
  const { host, laptop, up } = stage;
  await host.root("ip6tables -I INPUT -p tcp --dport 2376 -j DROP");
  const run = await withNames(laptop, { "both.example": [host.ip, host.ip6] });
  const words = ["tetherdock", ...up, "--address", "both.example", "--json"];
  const { status, stdout, stderr } = await run(words);
  expect(status, stderr).toBe(4);
  const { error } = JSON.parse(stdout) as { error: Told };
  expect(error.code).toBe("NOT_REACHABLE");
  expect(error.why.join("\n")).toContain("ip6tables");
  expect(error.hints.at(-1)).toContain(`--address ${host.ip} `);
  expect(await laptop.tetherdock([...up, "--address", host.ip])).toMatchObject({ status: 0 });
});
