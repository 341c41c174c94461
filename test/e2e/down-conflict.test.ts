/** `down` where somebody edited what `up` had written or removed: it does not throw their work away unasked. */
import { expect, test } from "vitest";
import { exposure } from "../support/exposure.ts";
import { bootHost } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

const DROP_IN = "/etc/systemd/system/docker.service.d/zz-tetherdock.conf";
const SOCKET = "/etc/systemd/system/docker-tcp.socket";

/** What somebody does, and to which file. */
const edits: readonly [string, string, string][] = [
  ["a line added", DROP_IN, `echo '# mine' >>${DROP_IN}`],
  ["a file removed", "/etc/tetherdock/ca.pem", "rm /etc/tetherdock/ca.pem"],
  ["a file replaced", "/etc/tetherdock/server-cert.pem", "echo other >/etc/tetherdock/server-cert.pem"],
  ["a link in its place", DROP_IN, `mv ${DROP_IN} /root/x; ln -s /root/x ${DROP_IN}`],
  ["what up removed, made again", SOCKET, `echo '[Socket]' >${SOCKET}`],
];

test("each edit is a DOWN_CONFLICT that names the file and changes nothing; --force restores all", async () => {
  await using host = await bootHost({ state: "pitfall-1" });
  await using laptop = await makeLaptop(host.sshConfig);
  const before = [await host.fingerprint(), await exposure(host)];
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  const up = await host.fingerprint();
  const state = async () => [await host.fingerprint(), await daemonRun(host), await laptop.tree()];

  for (const [what, path, edit] of edits) {
    await host.root(`tar -cf /root/kept.tar /etc/systemd/system /etc/tetherdock 2>/dev/null; ${edit}`);
    const edited = await state();
    expect(edited[0], what).not.toBe(up);
    const down = await laptop.tetherdock(["down", host.name, "--yes", "--reopen", "--json"]);
    expect(down.status, what).toBe(3);
    const { error } = JSON.parse(down.stdout);
    expect(error.code, what).toBe("DOWN_CONFLICT");
    expect(error.why, what).toContain(path);
    expect(error.hints, what).toEqual([expect.stringContaining("--force")]);
    const dry = await laptop.tetherdock(["down", host.name, "--yes", "--reopen", "--dry-run"]);
    expect(dry, what).toMatchObject({ status: 3, stderr: expect.stringContaining(path) });
    expect(await state(), what).toEqual(edited);
    await host.root(
      `rm -rf ${SOCKET} ${DROP_IN} && tar -C / -xpf /root/kept.tar && rm -f /root/kept.tar /root/x`,
    );
    expect(await host.fingerprint(), "the edit is undone").toBe(up);
  }

  for (const [, , edit] of edits) await host.root(edit);
  const words = ["down", host.name, "--yes", "--force"];
  const exposed = await laptop.tetherdock([...words, "--json"]);
  expect(JSON.parse(exposed.stdout), "force is not consent to exposure").toMatchObject({
    error: { code: "DOWN_EXPOSES" },
  });
  expect(await laptop.tetherdock([...words, "--reopen"])).toMatchObject({ status: 0, stdout: "" });
  expect([await host.fingerprint(), await exposure(host)]).toEqual(before);
});
