/** How tetherdock uses ssh: one connection a command, the user's own configuration, and `~/.ssh` only read. */
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bootHost, type Flavour, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { countLogins } from "../support/sshd-log.ts";
import { treeOf } from "../support/tree.ts";
import { destinationOf } from "../support/up-and-down.ts";

test.each<Flavour>(["debian", "coreos"])(
  "%s: up, up again and down each make exactly one",
  async (flavour) => {
    await using host = await bootHost({ flavour, state: "pitfall-1" });
    await using laptop = await makeLaptop(host.sshConfig);
    const count = (...argv: [string, ...string[]]) =>
      countLogins(host, async () => expect(await laptop.run(argv)).toMatchObject({ status: 0 }));
    const to = destinationOf(host);
    expect(await count("sh", "-c", `ssh ${to} true && ssh ${to} true`), "the count itself").toBe(2);
    expect(await count("tetherdock", "up", to, "--dry-run")).toBe(1);
    expect(await count("tetherdock", "up", to, "--yes")).toBe(1);
    expect(await count("tetherdock", "up", to, "--yes")).toBe(1);
    expect(await count("tetherdock", "run", "--", "/usr/bin/docker", "ps"), "the line needs no ssh").toBe(0);
    expect(await count("tetherdock", "status")).toBe(0);
    expect(await count("tetherdock", "down", host.name, "--yes", "--reopen")).toBe(1);
  },
);

/** A ~/.ssh as people have it: config, a key, known_hosts; ssh reads it as the user's own. */
async function makeSshFolder(laptop: Laptop, host: Host): Promise<string> {
  const folder = join(laptop.folder, ".ssh");
  await mkdir(folder, { mode: 0o700 });
  await cp(host.key, join(folder, "id_ed25519"));
  await writeFile(join(folder, "known_hosts"), await readFile(host.knownHosts), { mode: 0o600 });
  const lines = [
    "Host vps",
    `  HostName ${host.ip}`,
    `  User ${host.user}`,
    "Host *",
    `  IdentityFile ${folder}/id_ed25519`,
    `  UserKnownHostsFile ${folder}/known_hosts`,
    "  StrictHostKeyChecking yes",
    "  ControlMaster auto",
    `  ControlPath ${folder}/%C`,
    "  ControlPersist no",
  ];
  await writeFile(join(folder, "config"), `${lines.join("\n")}\n`, { mode: 0o600 });
  await laptop.program("ssh", `#!/bin/sh\nexec /usr/bin/ssh -F ${folder}/config "$@"\n`);
  return folder;
}

test("an alias of the ssh config is enough, and neither ~/.ssh nor the machine's configuration is written to", async () => {
  await using host = await bootHost();
  await using laptop = await makeLaptop(host.sshConfig);
  const folder = await makeSshFolder(laptop, host);
  const real = `${process.env["HOME"]}/.ssh`;
  const trees = async () => [await treeOf(folder), await treeOf(real)];
  const before = await trees();
  expect(before[0]).toContain("known_hosts 600 ");

  const up = await laptop.tetherdock(["up", "vps", "--yes", "--json"]);
  expect(up.status, up.stderr).toBe(0);
  expect(JSON.parse(up.stdout)).toMatchObject({ line: { name: "vps", address: host.ip, target: "vps" } });
  expect(await trees()).toEqual(before);
  expect(await laptop.tetherdock(["up", "vps", "--yes"])).toMatchObject({ status: 0 });
  expect(await laptop.tetherdock(["run", "--", "/usr/bin/docker", "ps"])).toMatchObject({ status: 0 });
  expect(await laptop.tetherdock(["down", "vps", "--yes"])).toMatchObject({ status: 0 });
  expect(await trees()).toEqual(before);
});
