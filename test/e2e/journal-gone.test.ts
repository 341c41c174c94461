/** Somebody removed the journal from the host: nobody is told that all is as before, and nobody is locked out. */
import { expect, test } from "vitest";
import { expectProven } from "../support/expect-proven.ts";
import { exposure } from "../support/exposure.ts";
import { bootHost, type Flavour } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

// The drop-in of one sets $DOCKER_OPTS, the other's ExecStart.
test.each<Flavour>(["debian", "upstream"])("%s", async (flavour) => {
  await using host = await bootHost({ flavour });
  await using first = await makeLaptop(host.sshConfig);
  await using second = await makeLaptop(host.sshConfig);
  const exposed = await exposure(host);
  expect(await first.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  await host.root("rm -r /var/lib/tetherdock");
  const state = async () => [await host.fingerprint(), await daemonRun(host)];
  const before = await state();

  const up = ["up", destinationOf(host), "--yes"];
  const stranger = await expectRefused(second, up, "HOST_TLS_FOREIGN", "journal is missing");
  expect(stranger.hints.join("\n")).toContain("--replace-tls");
  for (const flags of [["--yes"], ["--dry-run"], ["--yes", "--force"]])
    await expectRefused(second, ["down", destinationOf(host), ...flags], "JOURNAL_GONE", "server-key.pem");
  const { hints } = await expectRefused(first, ["down", host.name, "--yes"], "JOURNAL_GONE", "zz-tetherdock");
  expect(await state()).toEqual(before);
  await expectProven(first, host, host.name);
  expect(await first.tetherdock(up)).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/nothing to do\n$/),
  });

  const [byHand = "", forget] = hints;
  await host.root(byHand);
  expect(await exposure(host)).toBe(exposed);
  expect(forget).toBe(`tetherdock down ${host.name} --forget   # then, on this machine`);
  expect(await first.tetherdock(["down", host.name, "--forget", "--yes"])).toMatchObject({ status: 0 });
  expect(await second.tetherdock(up), "the host is free again").toMatchObject({ status: 0 });
});
