/** A line's host at another address is recognised by its key; a reinstalled one by the user's word alone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { expectProven } from "../support/expect-proven.ts";
import { bootHost, type Host } from "../support/host.ts";
import { type Laptop, makeLaptop } from "../support/laptop.ts";
import { expectRefused } from "../support/refusal.ts";
import { mustRun } from "../support/run.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

const VPS = fileURLToPath(new URL("../hosts/vps", import.meta.url));

async function keptLine({ home }: Laptop, { name }: Host) {
  return JSON.parse(await readFile(join(home, "lines", name, "line.json"), "utf8"));
}

test("moved to another address: up and down recognise it by its key, without a question", async () => {
  await using host = await bootHost({ name: "mv", flavour: "coreos" });
  await using laptop = await makeLaptop(host.sshConfig);
  const pristine = await host.fingerprint();
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  const before = await keptLine(laptop, host);
  expect(before.host).toMatchObject({
    serverKeys: [expect.stringMatching(/^[0-9a-f]{64}$/)],
    reachedAt: [host.ip6],
    ssh: {
      hostname: host.ip,
      port: 22,
      user: host.user,
      hostKeys: expect.arrayContaining([expect.stringMatching(/^SHA256:/)]),
    },
  });

  const moved = host.ip.replace(/\d+$/, (last) => String(Number(last) + 100));
  await host.root(`ip addr add ${moved}/24 dev host0`);
  await laptop.configureSsh(
    [`Host moved`, `  HostName ${moved}`, `  HostKeyAlias ${host.ip}`, `  User ${host.user}`].join("\n") +
      `\n  IdentityFile ${host.key}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${host.knownHosts}\n`,
  );
  const up = await laptop.tetherdock(["up", "moved", "--yes", "--json"]);
  expect(up, up.stderr).toMatchObject({ status: 0 });
  expect(JSON.parse(up.stdout)).toMatchObject({ line: { name: host.name, target: "moved", address: moved } });
  const after = await keptLine(laptop, host);
  expect(after).toMatchObject({ id: before.id, target: "moved", addresses: [moved] });
  expect(after.host.serverKeys).toEqual(before.host.serverKeys);

  const down = await laptop.tetherdock(["down", destinationOf(host), "--yes", "--json"]);
  expect(JSON.parse(down.stdout), "by its old destination, too").toMatchObject({ forgot: host.name });
  expect(await host.fingerprint()).toBe(pristine);
  expect(await laptop.tree()).not.toContain(".pem");
});

test("reinstalled, with new ssh host keys: a question that names both sides; Enter and --yes mean no", async () => {
  await using host = await bootHost({ name: "new" });
  await using laptop = await makeLaptop(host.sshConfig);
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  const [line, keys] = [await keptLine(laptop, host), await laptop.tree()];
  await mustRun([VPS, "reset", "--new-hostkeys", host.name]);
  const state = async () => [await host.fingerprint(), await daemonRun(host), await laptop.tree()];
  const before = await state();

  for (const flags of [[], ["--name", host.name], ["--dry-run"], ["--gateway"]]) {
    const { why, hints } = await expectRefused(
      laptop,
      ["up", destinationOf(host), "--yes", ...flags],
      "HOST_NOT_PROVEN",
      "as after a reinstallation",
    );
    for (const hostKey of line.host.ssh.hostKeys) expect(why.join("\n")).toContain(hostKey);
    expect(hints[0]).toContain(`--accept-host ${host.name}`);
  }
  for (const flags of [
    ["--name", "other"],
    ["--accept-host", "other"],
    ["--name", "x", "--accept-host", host.name],
  ])
    expect((await laptop.tetherdock(["up", destinationOf(host), "--yes", ...flags])).status).not.toBe(0);

  await using terminal = laptop.pty(`tetherdock up ${destinationOf(host)}`);
  const asked = await terminal.until(/Make this host the host of/);
  terminal.type("\r");
  const { status, text } = await terminal.ended;
  expect(status, text).toBe(3);
  expect(text.slice(0, asked)).toMatch(/was made on[\s\S]*this host is/);
  expect(await state()).toEqual(before);

  await using again = laptop.pty(`tetherdock up ${destinationOf(host)}`);
  const question = await again.until(/Make this host the host of/);
  again.type("y");
  await again.until(/Carry this out\?/, { from: question });
  again.type("y");
  expect((await again.ended).text).toContain(`line ${host.name} is up`);
  const after = await keptLine(laptop, host);
  expect(after.id).toBe(line.id);
  expect(after.host.serverKeys).toHaveLength(1);
  expect(after.host.serverKeys).not.toEqual(line.host.serverKeys);
  expect(after.host.ssh.hostKeys).not.toEqual(line.host.ssh.hostKeys);
  const caOf = (tree: string) => tree.split("\n").filter((entry) => /ca(-key)?\.pem /.test(entry));
  expect(caOf(await laptop.tree()), "its clients keep their certificates").toEqual(caOf(keys));
  await expectProven(laptop, host, host.name);
  expect(await laptop.tetherdock(["down", host.name, "--yes"])).toMatchObject({ status: 0 });
});

test("a line from before keys were recorded: asked about once, then known", async () => {
  await using host = await bootHost({ name: "first" });
  await using laptop = await makeLaptop(host.sshConfig);
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  const file = join(laptop.home, "lines", host.name, "line.json");
  const { host: _, ...rest } = await keptLine(laptop, host);
  await mustRun(["sh", "-c", `cat >${file}`], JSON.stringify({ ...rest, version: 1 }));

  expect(await laptop.tetherdock(["ls"]), "it is read as it was").toMatchObject({ status: 0 });
  const up = ["up", destinationOf(host), "--yes"];
  await expectRefused(laptop, up, "HOST_NOT_PROVEN", "before tetherdock recorded");
  await expectRefused(laptop, ["down", host.name, "--yes"], "HOST_NOT_PROVEN", "before tetherdock recorded");
  expect(await laptop.tetherdock([...up, "--accept-host", host.name])).toMatchObject({
    status: 0,
    stderr: expect.stringMatching(/nothing to do\n$/),
  });
  expect(await keptLine(laptop, host)).toMatchObject({ ...rest, version: 2 });
  expect(await laptop.tetherdock(up)).toMatchObject({ status: 0 });
  expect(await laptop.tetherdock(["down", host.name, "--yes"])).toMatchObject({ status: 0 });
  expect(await laptop.tree()).not.toContain(".pem");
});
