/**
 * A change was cut off, and the host undoes it while the next `up` inspects the host: what that has read of the files before is
 * not taken for the host's state. A proof from outside cannot notice it where the host's own certificate stays.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { authorityKeys } from "../../src/pki/index.ts";
import { cutAt, cutBy, installCuttingSsh } from "../support/cuts.ts";
import { openGatewayLine } from "../support/gateway/line-on-host.ts";

/** More than a command has. */
const MOST_ANSWERS = 20;

/** The host's openssl, which the inspection calls after it has read ca.pem: the undo's timer fires then, once. */
const UNDO_AT_THE_KEY = `cat >/usr/local/bin/openssl <<'END'
#!/bin/sh
[ ! -e /run/undo-now ] || { rm /run/undo-now; systemctl start tetherdock-undo.service; }
exec /usr/bin/openssl "$@"
END
chmod 755 /usr/local/bin/openssl`;

test("a new CA is offered by the host when up --new-ca says so", async () => {
  await using line = await openGatewayLine("meanwhile");
  const { laptop, host } = line;
  await installCuttingSsh(laptop);
  await host.root(UNDO_AT_THE_KEY);
  const command = ["up", `${host.user}@${host.name}`, "--new-ca", "--confirm-within", "60s", "--yes"];
  const keysThere = async () => authorityKeys(await host.root("cat /etc/tetherdock/ca.pem"));
  for (let at = 1; (await keysThere()).length < 2; at += 1) {
    expect(at).toBeLessThan(MOST_ANSWERS);
    expect((await laptop.tetherdock(command, { env: cutAt(at, cutBy.ssh) })).status).not.toBe(0);
  }
  expect(await host.root("ls /var/lib/tetherdock/*/pending")).toMatch(/^\S+\n$/);

  await host.root(": >/run/undo-now");
  const again = await laptop.tetherdock(command);
  expect(await host.root("ls /run/undo-now 2>&1 || true"), "it was undone meanwhile").toMatch(/No such file/);
  expect(again.status, again.stderr).toBe(0);
  const here = await readFile(join(laptop.home, "lines", host.name, "docker/ca.pem"), "utf8");
  expect(authorityKeys(here)).toHaveLength(2);
  expect(await keysThere(), again.stderr).toEqual(authorityKeys(here));
});
