/** Hosts that cannot become a line as they are: told before anything is changed. */
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "../../src/base/index.ts";
import { bootHost, type Flavour } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";

interface Case {
  readonly state: string;
  readonly code: ErrorCode;
  /** What the message speaks of. */
  readonly names: string | RegExp;
  /** What a hint says to do. */
  readonly hint: string | RegExp;
  readonly flavours: readonly Flavour[];
}

const cases: readonly Case[] = [
  {
    state: "no-docker",
    code: "DOCKER_MISSING",
    names: "docker.service",
    hint: "docker.io",
    flavours: ["debian"],
  },
  {
    state: "docker-masked",
    code: "DOCKER_MASKED",
    names: "masked",
    hint: "systemctl unmask",
    flavours: ["debian", "coreos"],
  },
  {
    state: "port-taken",
    code: "PORT_TAKEN",
    names: /2376.*busybox/s,
    hint: "--port 2377",
    flavours: ["debian"],
  },
  { state: "port-taken", code: "PORT_TAKEN", names: "2376", hint: "--port 2377", flavours: ["coreos"] },
  {
    state: "daemon-json-broken",
    code: "DAEMON_JSON_BROKEN",
    names: "/etc/docker/daemon.json",
    hint: "/etc/docker/daemon.json",
    flavours: ["debian", "coreos"],
  },
  { state: "disk-full", code: "HOST_DISK_FULL", names: "full", hint: /df /, flavours: ["debian", "coreos"] },
  {
    state: "foreign-tls",
    code: "HOST_TLS_FOREIGN",
    names: "tls.conf",
    hint: "--replace-tls",
    flavours: ["debian", "coreos"],
  },
];

const flavours: readonly Flavour[] = ["debian", "coreos"];

describe.concurrent.for(flavours)("on %s", (flavour) => {
  test("each state has its own error; host and laptop do not change", async () => {
    await using host = await bootHost({ name: "bad", flavour });
    await using laptop = await makeLaptop(host.sshConfig);
    for (const { state, code, names, hint } of cases.filter((one) => one.flavours.includes(flavour))) {
      await host.state(state);
      const before = await host.fingerprint();
      const { hints } = await expectRefused(
        laptop,
        ["up", `${host.user}@${host.name}`, "--yes"],
        code,
        names,
      );
      expect(hints.join("\n"), state).toMatch(hint);
      expect(await host.fingerprint(), state).toBe(before);
      await host.reset();
    }
  });
});

test("clocks that differ by an hour are refused, either way; minutes are accepted", async () => {
  await using host = await bootHost({ name: "clock" });
  await using laptop = await makeLaptop(host.sshConfig);
  const before = await host.fingerprint();
  const at = (shift: string) => ({
    env: {
      LD_PRELOAD: "/usr/$LIB/faketime/libfaketime.so.1",
      FAKETIME: shift,
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    },
  });
  const up = ["up", `root@${host.name}`, "--yes"];
  await expectRefused(laptop, up, "HOST_CLOCK_OFF", /60 minutes.*behind/s, at("+1h"));
  await expectRefused(laptop, up, "HOST_CLOCK_OFF", /60 minutes.*ahead/s, at("-1h"));
  expect(await host.fingerprint()).toBe(before);
  const { status, stderr } = await laptop.tetherdock([...up, "--name", "web"], at("-2m"));
  expect(status, stderr).toBe(0);
  expect((await laptop.tetherdock(["run", "--", "/usr/bin/docker", "ps"])).status).toBe(0);
});
