/** Containers that run while `up` restarts docker: the user is told which, and how to keep them. */
import { expect, test } from "vitest";
import { bootHost } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { containerRun, destinationOf, startContainer } from "../support/up-and-down.ts";

test("the warning names the containers that will stop and those that come back, and suggests live-restore", async () => {
  await using host = await bootHost();
  await using laptop = await makeLaptop(host.sshConfig);
  await startContainer(host, "shop");
  await host.root("docker run -d --name stubborn --restart always --stop-signal KILL tiny sleep 100000");
  const [shop, stubborn] = [await containerRun(host, "shop"), await containerRun(host, "stubborn")];

  const dry = await laptop.tetherdock(["up", destinationOf(host), "--dry-run"]);
  expect(dry).toMatchObject({ status: 0, stderr: "" });
  expect(dry.stdout).toMatch(/^warning: .*not started again: shop$/m);
  expect(dry.stdout).toMatch(/^warning: .*stops and starts.*: stubborn$/m);
  expect(dry.stdout).toMatch(/^warning: .*live-restore/m);
  expect(await containerRun(host, "shop")).toBe(shop);
  expect(await containerRun(host, "stubborn")).toBe(stubborn);

  const up = await laptop.tetherdock(["up", destinationOf(host), "--yes"]);
  expect(up.status).toBe(0);
  expect(up.stderr).toContain("not started again: shop\n");
  expect(up.stderr.indexOf("not started again"), "said before it is done").toBeLessThan(
    up.stderr.indexOf("\n  restart docker\n"),
  );
  expect(await containerRun(host, "shop")).toContain(" false ");
  await expect.poll(() => containerRun(host, "stubborn"), { timeout: 10_000 }).toContain(" true ");
  expect(await containerRun(host, "stubborn")).not.toBe(stubborn);

  const down = await laptop.tetherdock(["down", host.name, "--dry-run"]);
  expect(down.stdout, "down restarts docker, too").toContain(": stubborn\n");
});

test("with live-restore there is no warning and nothing stops, by up or by down", async () => {
  await using host = await bootHost({ state: "live-restore" });
  await using laptop = await makeLaptop(host.sshConfig);
  const before = await startContainer(host);
  for (const args of [
    ["up", destinationOf(host), "--yes"],
    ["down", host.name, "--yes"],
  ]) {
    const output = await laptop.tetherdock(args);
    expect(output).toMatchObject({ status: 0 });
    expect(output.stderr).not.toMatch(/warning/);
    expect(await containerRun(host)).toBe(before);
  }
});
