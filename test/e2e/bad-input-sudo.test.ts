/** Users who are not root: without sudo, with sudo that asks, with somebody and with nobody to ask. */
import { describe, expect, test } from "vitest";
import { bootHost, type Flavour } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";

/** A question that is open; an answered one is drawn again with another sign. */
const ASKS = /◆[^\n]*sudo password on \S+/;
const flavours: readonly Flavour[] = ["debian", "coreos"];

describe.for(flavours)("on %s", (flavour) => {
  test.concurrent("sudo without a terminal, and a wrong password three times: nothing changes", async () => {
    await using host = await bootHost({ name: "sudo", flavour });
    await using laptop = await makeLaptop(host.sshConfig);
    const before = await host.fingerprint();
    // sudo asks those whom it will refuse, too: without a password nobody can tell the two apart.
    for (const user of ["plain", "asker"]) {
      const up = ["up", `${user}@${host.name}`, "--yes"];
      const { hints } = await expectRefused(laptop, up, "SUDO_PASSWORD_NEEDED", "password");
      expect(hints.join("\n")).toContain("sudo -l");
    }

    await using up = laptop.pty(`tetherdock up asker@${host.name} --yes`);
    let from = 0;
    for (const guess of ["first", "second", "third"]) {
      from = await up.until(ASKS, { from });
      up.type(`${guess}\r`);
    }
    const { status, text } = await up.ended;
    expect(status, text).toBe(3);
    expect(text).toContain("did not accept the password");
    expect(text).toContain("tetherdock help SUDO_DENIED");
    expect(text).toContain("try: ");
    expect(text).not.toMatch(/first|second|third/);
    expect(await laptop.tree()).toBe("absent");
    expect(await host.fingerprint()).toBe(before);
  });

  test.concurrent("the right password, typed at a terminal: up and down work", async () => {
    await using host = await bootHost({ name: "asks", flavour });
    await using laptop = await makeLaptop(host.sshConfig);
    const before = await host.fingerprint();
    for (const command of [`up asker@${host.name} --name web --yes`, "down web --yes"]) {
      await using running = laptop.pty(`tetherdock ${command}`);
      await running.until(ASKS);
      running.type("tether\r");
      const { status, text } = await running.ended;
      expect(status, text).toBe(0);
      expect(text).not.toMatch(/\btether\b/);
    }
    expect(await host.fingerprint()).toBe(before);
  });
});

test("no sudo on the host", async () => {
  await using host = await bootHost({ name: "none" });
  await using laptop = await makeLaptop(host.sshConfig);
  await host.root("mv /usr/bin/sudo /usr/bin/sudo.away");
  const before = await host.fingerprint();
  await expectRefused(laptop, ["up", `plain@${host.name}`, "--yes"], "HOST_NO_ROOT", "root");
  expect(await host.fingerprint()).toBe(before);
});
