/** A host of a generation that nobody has tried: told in one line, and not refused. */
import { expect, test } from "vitest";
import { bootHost } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { destinationOf } from "../support/up-and-down.ts";

test("an engine newer than any tested one: up warns, and continues", async () => {
  await using host = await bootHost({ name: "untried", release: "trixie" });
  await using laptop = await makeLaptop(host.sshConfig);
  const dryRun = () => laptop.tetherdock(["up", destinationOf(host), "--dry-run"]);
  expect(await dryRun()).toMatchObject({ status: 0, stderr: "" });
  await host.root(`cat >/usr/local/bin/docker <<'END'
#!/bin/sh
[ "$1" != info ] || { echo 99.0.1 false; exit; }
exec /usr/bin/docker "$@"
END
chmod 755 /usr/local/bin/docker`);
  const { status, stdout, stderr } = await dryRun();
  expect(stderr).toMatch(
    /^warning: tetherdock has not been tested with docker 99\.0\.1, only with docker .*\n$/,
  );
  expect(stdout).toContain("docker 99.0.1");
  expect(status).toBe(0);
});
