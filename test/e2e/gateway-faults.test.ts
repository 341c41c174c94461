/** `up --gateway` cut off or failing: the host ends as before, or confirmed, and a next `up` succeeds. */
import { expect, test } from "vitest";
import { LONG_TIMEOUT, makeCutStage } from "../support/cut-stage.ts";
import { activeUnits, cutBy, cutByReboot, returnsTo } from "../support/cuts.ts";

const upFlags = ["--gateway"] as const;
/** An undo that was started has ended by then, on a busy machine as well. */
const SETTLED_MS = 15_000;

/** What the host's timer would start; that it fires is shown once here, and after each step of native mode. */
const UNDO = "systemctl start tetherdock-undo.service 2>/dev/null; true";

/** Answers after which another kind of step begins: one file more or less written makes no difference. */
function turns(steps: readonly string[]): number[] {
  const verbs = steps.filter((step) => !/^(?:prove|confirm)/.test(step)).map((step) => step.split(" ")[0]);
  // The first answer is the look's.
  return [1, ...verbs.flatMap((verb, at) => (verb === verbs[at + 1] ? [] : [at + 2]))];
}

test.concurrent(
  "on coreos, the laptop dies after each kind of step: the host undoes the change",
  LONG_TIMEOUT,
  async () => {
    await using stage = await makeCutStage({ flavour: "coreos", upFlags });
    await stage.measure();
    const { host, before, count } = stage;
    expect(stage.steps[0]).toMatch(/^send /);
    const points = turns(stage.steps);
    expect([points.length > 7, points.at(-1)]).toEqual([true, count - 1]);
    for (const at of points) {
      const { label } = await stage.cutUp(at, cutBy.laptop, ["--confirm-within=10m"]);
      await host.root(UNDO);
      expect(await returnsTo(host, before, SETTLED_MS), `as before, ${label}`).toBe(true);
    }
    const started = await stage.cutUp(count - 1, cutBy.laptop);
    expect(await returnsTo(host, before, stage.settledWithinMs), `as before, ${started.label}`).toBe(true);
    const { label } = await stage.cutUp(count, cutBy.laptop, ["--confirm-within=10m"]);
    expect(await activeUnits(host), "the undo is disarmed").not.toContain("undo");
    expect(await stage.expectUp(label)).toContain("nothing to do");
    await stage.expectDown(label);
  },
);

test.concurrent("on debian the connection breaks, and the next up succeeds", LONG_TIMEOUT, async () => {
  await using stage = await makeCutStage({ flavour: "debian", upFlags });
  await stage.measure();
  const { count } = stage;
  // Sent; journal open; the last file written; started; confirmed.
  for (const at of [2, 4, count - 2, count - 1, count]) {
    const { label } = await stage.cutUp(at, cutBy.ssh, []);
    const said = await stage.expectUp(label);
    expect(said.includes("nothing to do"), `${label}\n${said}`).toBe(at === count);
    await stage.expectDown(label);
  }
});

test("a clean reboot before and after the gateway starts", LONG_TIMEOUT, async () => {
  await using stage = await makeCutStage({ flavour: "coreos", upFlags });
  await stage.measure();
  const { host, before, count } = stage;
  for (const at of [count - 2, count - 1]) {
    const { label } = await stage.cutUp(at, cutByReboot(host), ["--confirm-within=10m"]);
    expect(await returnsTo(host, before, SETTLED_MS), `as before, ${label}`).toBe(true);
  }
});

test("a gateway that does not start: its own message, and the host as before", LONG_TIMEOUT, async () => {
  await using stage = await makeCutStage({ flavour: "upstream", upFlags });
  const { host, laptop, before } = stage;
  const folder = "/etc/systemd/system/tetherdock-gateway.service.d";
  const spoil = "ExecStartPre=/bin/sh -c 'echo the stars are wrong; exit 1'";
  await host.root(`mkdir ${folder}; printf '[Service]\\n%s\\n' "${spoil}" >${folder}/spoil.conf`);
  const spoilt = await host.fingerprint();
  const up = await laptop.tetherdock([...stage.up, "--json"]);
  expect(up.status, up.stderr).toBe(4);
  const { error } = JSON.parse(up.stdout);
  expect(error.code).toBe("GATEWAY_START_FAILED");
  expect(error.why.join("\n")).toContain("the stars are wrong");
  expect(error.why).toContain("the host was restored");
  expect(await host.fingerprint()).toBe(spoilt);
  await host.root(`rm -r ${folder}`);
  expect(await host.fingerprint()).toBe(before);
});
