/** One host, two laptops: what is on the host belongs to whoever made it, and any laptop can undo it. */
import { expect, test } from "vitest";
import { expectProven, overLine } from "../support/expect-proven.ts";
import { exposure } from "../support/exposure.ts";
import { bootHost } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

test("up from another laptop: HOST_HAS_LINE, nothing changes on either, the first line keeps working", async () => {
  await using host = await bootHost({ flavour: "coreos" });
  await using first = await makeLaptop(host.sshConfig);
  await using second = await makeLaptop(host.sshConfig);
  expect(await first.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  const state = async () => [
    await host.fingerprint(),
    await daemonRun(host),
    await first.tree(),
    await second.tree(),
  ];
  const before = await state();
  for (const flags of [[], ["--name", "mine"], ["--replace-tls"], ["--dry-run"]]) {
    const up = await second.tetherdock(["up", destinationOf(host), "--yes", "--json", ...flags]);
    expect(up.status, flags.join()).toBe(3);
    const { error } = JSON.parse(up.stdout);
    expect(error.code).toBe("HOST_HAS_LINE");
    expect(error.hints).not.toEqual([]);
    expect(await state()).toEqual(before);
  }
  await expectProven(first, host, host.name);
});

test("down from another laptop by user@host; the first one then finds nothing there, and can start again", async () => {
  await using host = await bootHost({ state: "pitfall-1" });
  await using first = await makeLaptop(host.sshConfig);
  await using second = await makeLaptop(host.sshConfig);
  const before = [await host.fingerprint(), await exposure(host)];
  expect(await first.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });

  const refused = await second.tetherdock(["down", destinationOf(host), "--yes", "--json"]);
  expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "DOWN_EXPOSES" } });
  const down = await second.tetherdock(["down", destinationOf(host), "--yes", "--reopen"]);
  expect(down).toMatchObject({ status: 0, stdout: "" });
  expect([await host.fingerprint(), await exposure(host)]).toEqual(before);
  expect(await second.tree()).toBe("absent");

  const status = await first.tetherdock(["status", host.name]);
  expect(status.status, "the line is dead, and status says so").toBe(1);
  // The host has no key of the line any more, as if it had been reinstalled: only the user can say that it is the one.
  const state = async () => [await host.fingerprint(), await first.tree()];
  const unproven = await state();
  for (const flags of [[], ["--name", host.name]])
    await expectRefused(
      first,
      ["up", destinationOf(host), "--yes", ...flags],
      "HOST_NOT_PROVEN",
      "reinstallation",
    );
  expect(await state()).toEqual(unproven);
  expect(
    await first.tetherdock(["up", destinationOf(host), "--yes", "--accept-host", host.name]),
  ).toMatchObject({ status: 0 });
  await expectProven(first, host, host.name);
  expect(await first.tetherdock(["up", destinationOf(host), "--yes"]), "known by its new key").toMatchObject({
    stderr: expect.stringMatching(/nothing to do\n$/),
  });
  expect(await second.tetherdock(["down", destinationOf(host), "--yes", "--reopen"])).toMatchObject({
    status: 0,
  });
  await expectRefused(first, ["down", host.name, "--yes"], "HOST_NOT_PROVEN", destinationOf(host));
  const last = await first.tetherdock(["down", host.name, "--yes", "--accept-host", host.name]);
  expect(last).toMatchObject({ status: 0, stderr: expect.stringContaining("nothing to undo") });
  expect(await first.tree()).not.toContain(".pem");
  expect([await host.fingerprint(), await exposure(host)]).toEqual(before);
});

test("the second laptop set the host up after the first was undone: the first cannot undo the second's change", async () => {
  await using host = await bootHost();
  await using first = await makeLaptop(host.sshConfig);
  await using second = await makeLaptop(host.sshConfig);
  const run = async (laptop: typeof first, ...args: string[]) =>
    expect(await laptop.tetherdock([...args, "--yes"])).toMatchObject({ status: 0 });
  await run(first, "up", destinationOf(host));
  await run(second, "down", destinationOf(host));
  await run(second, "up", destinationOf(host));
  const before = await host.fingerprint();

  for (const args of [
    ["down", host.name],
    ["up", destinationOf(host)],
  ]) {
    const refused = await first.tetherdock([...args, "--yes", "--json"]);
    expect(refused.status).toBe(3);
    expect(JSON.parse(refused.stdout)).toMatchObject({ error: { code: "HOST_HAS_LINE" } });
    expect(await host.fingerprint()).toBe(before);
  }
  expect(await overLine(first, host.name, ["ps"]), "its old certificate is a stranger's").toMatchObject({
    status: 1,
  });
  expect(await first.tetherdock(["down", host.name, "--forget", "--yes"])).toMatchObject({ status: 0 });
  expect(await host.fingerprint()).toBe(before);
  await expectProven(second, host, host.name);
});
