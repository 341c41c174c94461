/** A host behind a jump host, and what ssh itself asks: its questions reach the terminal. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectProven } from "../support/expect-proven.ts";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { countLogins } from "../support/sshd-log.ts";
import { destinationOf } from "../support/up-and-down.ts";

/** The inner host is reached over the other one only; neither key is known yet. @returns the file for known keys */
async function configure(laptop: Laptop, inner: Host, jump: Host): Promise<string> {
  const known = join(laptop.folder, "known_hosts");
  await writeFile(known, "");
  await laptop.configureSsh(
    [
      `Host ${inner.name}`,
      `  ProxyJump ${jump.user}@${jump.name}`,
      `Host ${inner.name} ${jump.name}`,
      `  UserKnownHostsFile ${known}`,
      "  StrictHostKeyChecking ask",
      "  BatchMode no",
    ].join("\n"),
  );
  return known;
}

test("ProxyJump, both host keys unknown: an error without a terminal, two questions with one, then a proven line", async () => {
  await using jump = await bootHost({ name: "jump" });
  await using inner = await bootHost({ name: "inner", flavour: "coreos" });
  await using laptop = await makeLaptop(inner.sshConfig);
  const known = await configure(laptop, inner, jump);
  const state = async () => [await inner.fingerprint(), await laptop.tree()];
  const before = await state();
  const blind = await laptop.tetherdock(["up", destinationOf(inner), "--yes", "--json"]);
  expect(blind.status).toBe(3);
  expect(JSON.parse(blind.stdout)).toMatchObject({
    error: { code: "SSH_JUMP_FAILED", why: [expect.stringContaining("Host key verification failed")] },
  });
  expect(await state()).toEqual(before);

  const logins = await countLogins(
    inner,
    async () => {
      await using terminal = laptop.pty(`tetherdock up ${destinationOf(inner)} --yes`);
      let asked = 0;
      for (const host of [jump, inner]) {
        asked = await terminal.until(new RegExp(`authenticity of host '${RegExp.escape(host.ip)}`), {
          from: asked,
        });
        asked = await terminal.until(/\(yes\/no/, { from: asked });
        terminal.type("yes\r");
      }
      const { status, text } = await terminal.ended;
      expect(text).toContain(`line ${inner.name} is up`);
      expect(status).toBe(0);
    },
    jump.ip,
  );
  expect(logins, "over the jump host, once").toBe(1);
  const keys = await laptop.run(["cat", known]);
  expect(keys.stdout.trim().split("\n").length, "ssh itself remembers both").toBeGreaterThanOrEqual(2);
  await expectProven(laptop, inner, inner.name);

  expect(await laptop.tetherdock(["up", destinationOf(inner), "--yes"])).toMatchObject({
    status: 0,
    stderr: expect.stringContaining("nothing to do"),
  });
  expect(await laptop.tetherdock(["down", inner.name, "--yes"])).toMatchObject({ status: 0 });
  expect(await inner.fingerprint()).toBe(before[0]);
});

test("answering no to a host key: nothing changes", async () => {
  await using jump = await bootHost({ name: "jump" });
  await using laptop = await makeLaptop(jump.sshConfig);
  const known = join(laptop.folder, "known_hosts");
  await laptop.configureSsh(
    `Host *\n  UserKnownHostsFile ${known}\n  StrictHostKeyChecking ask\n  BatchMode no`,
  );
  const before = await jump.fingerprint();
  await using terminal = laptop.pty(`tetherdock up ${destinationOf(jump)} --yes`);
  await terminal.until(/\(yes\/no/);
  terminal.type("no\r");
  const { status, text } = await terminal.ended;
  expect(status).toBe(3);
  expect(text).toContain(`the host key of ${destinationOf(jump)} is not in known_hosts`);
  expect([await jump.fingerprint(), await laptop.tree()]).toEqual([before, "absent"]);
});
