/** The plan is right and yet it does not work out: the daemon refuses, a firewall is in between. */
import { describe, expect, test } from "vitest";
import { type CutStage, makeCutStage } from "../support/cut-stage.ts";
import type { Flavour } from "../support/host.ts";

const flavours: readonly Flavour[] = ["debian", "coreos"];

interface Told {
  readonly code: string;
  readonly message: string;
  readonly why: readonly string[];
  readonly hints: readonly string[];
}

/** `up` fails as told, and the host is as before the moment it ends. */
async function failedUp(stage: CutStage): Promise<Told> {
  const { status, stdout, stderr } = await stage.laptop.tetherdock([...stage.up, "--json"]);
  expect(status, stderr).toBe(4);
  expect(await stage.host.fingerprint()).toBe(stage.before);
  await stage.host.root("docker version >/dev/null");
  expect((await stage.laptop.tetherdock(["ls", "--json"])).stdout).not.toContain("web");
  const { error } = JSON.parse(stdout) as { error: Told };
  expect(error.why).toContain("the host is as it was before");
  expect(error.hints).not.toEqual([]);
  return error;
}

describe.for(flavours)("on %s", (flavour) => {
  test.concurrent("the daemon does not start with TLS: DOCKER_START_FAILED with its own words, the old one runs again", async () => {
    await using stage = await makeCutStage({ flavour, state: "daemon-refuses" });
    const { code, why } = await failedUp(stage);
    expect(code).toBe("DOCKER_START_FAILED");
    expect(why.join("\n")).toContain("TLS is not supported by this build");
  });

  test.concurrent("a firewall drops 2376: NOT_REACHABLE names it, and how to open the port works", async () => {
    await using stage = await makeCutStage({ flavour, state: "firewalled" });
    const { code, message, why, hints } = await failedUp(stage);
    expect(code).toBe("NOT_REACHABLE");
    expect(message).toContain("2376");
    expect(why.join("\n")).toMatch(/firewall is in between.*iptables/);
    const [open = ""] = hints;
    expect(open).toMatch(/^iptables .*YOUR_ADDRESS/);
    for (const program of ["iptables", "ip6tables"])
      await stage.host.root(open.replace("iptables", program).replace(/-s YOUR_ADDRESS/, ""));
    await stage.expectUp("with the port open");
    await stage.expectDown("with the port open");
  });
});
