/** `down --forget`, `--dry-run`, and `down` where there is nothing to undo. */
import { expect, test } from "vitest";
import { exposure } from "../support/exposure.ts";
import { bootHost } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

test("--forget deletes the line here and leaves the host; the journal can still undo it", async () => {
  await using host = await bootHost({ flavour: "upstream" });
  await using laptop = await makeLaptop(host.sshConfig);
  const pristine = await host.fingerprint();
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  expect(await laptop.tetherdock(["context", "create"])).toMatchObject({ status: 0 });
  const contexts = () => laptop.docker(["context", "ls", "-q"]);
  expect((await contexts()).stdout).toContain(host.name);
  const state = async () => [await host.fingerprint(), await daemonRun(host), await exposure(host)];
  const up = await state();

  // A program that must not be called: --forget works without the host.
  await laptop.program("ssh", "#!/bin/sh\nexit 99\n");
  expect(await laptop.tetherdock(["down", host.name, "--forget", "--yes"])).toMatchObject({ status: 0 });
  await laptop.program("ssh", `#!/bin/sh\nexec /usr/bin/ssh -F ${laptop.sshConfig} "$@"\n`);
  expect(await state()).toEqual(up);
  expect(await laptop.tree()).not.toContain(".pem");
  expect((await contexts()).stdout).toBe("default\n");

  const again = await laptop.tetherdock(["up", destinationOf(host), "--yes", "--json"]);
  expect(JSON.parse(again.stdout)).toMatchObject({ error: { code: "HOST_HAS_LINE" } });
  expect(await laptop.tetherdock(["down", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  expect(await host.fingerprint()).toBe(pristine);
});

test("down --dry-run shows what it would do, as text and as JSON, and changes nothing", async () => {
  await using host = await bootHost({ state: "pitfall-1" });
  await using laptop = await makeLaptop(host.sshConfig);
  const up = await laptop.tetherdock(["up", destinationOf(host), "--yes", "--json"]);
  const { changes } = JSON.parse(up.stdout);
  const state = async () => [await host.fingerprint(), await daemonRun(host), await laptop.tree()];
  const before = await state();

  const text = await laptop.tetherdock(["down", host.name, "--dry-run"]);
  expect(text, "what is asked for is data").toMatchObject({ status: 0, stderr: "" });
  const json = await laptop.tetherdock(["down", host.name, "--dry-run", "--json"]);
  const { undone, plan, forgot } = JSON.parse(json.stdout);
  expect([undone, forgot]).toEqual([null, null]);
  expect(plan).toMatchObject({ exposedPorts: [2375], conflicts: [] });
  const paths = (kinds: string[]) =>
    changes
      .filter(({ kind }: { kind: string }) => kinds.includes(kind))
      .map(({ path }: { path: string }) => path);
  expect(plan.removed).toEqual(expect.arrayContaining(paths(["key", "certificate", "write"])));
  expect(plan.restored).toEqual(paths(["remove"]));
  for (const { path } of changes) expect(text.stdout).toContain(path);
  expect(await state()).toEqual(before);

  const down = await laptop.tetherdock(["down", host.name, "--yes", "--reopen", "--json"]);
  expect(JSON.parse(down.stdout)).toMatchObject({ undone: plan, forgot: host.name });
});

test("down as another user than up: the same host, so the line here is deleted", async () => {
  await using host = await bootHost();
  await using laptop = await makeLaptop(host.sshConfig);
  const pristine = await host.fingerprint();
  expect(await laptop.tetherdock(["up", destinationOf(host), "--yes"])).toMatchObject({ status: 0 });
  const down = await laptop.tetherdock(["down", `core@${host.name}`, "--yes", "--json"]);
  expect(JSON.parse(down.stdout)).toMatchObject({ forgot: host.name });
  expect(await host.fingerprint()).toBe(pristine);
  expect(await laptop.tree()).not.toContain(".pem");
});

test("without anything to undo, down says so and changes nothing; an unknown line is an error", async () => {
  await using host = await bootHost({ flavour: "coreos" });
  await using laptop = await makeLaptop(host.sshConfig);
  const before = [await host.fingerprint(), await daemonRun(host)];
  const down = await laptop.tetherdock(["down", destinationOf(host), "--yes"]);
  expect(down).toMatchObject({ status: 0, stdout: "", stderr: expect.stringContaining("nothing to undo") });
  expect([await host.fingerprint(), await daemonRun(host)]).toEqual(before);
  for (const [args, code, status] of [
    [["down", "nosuch"], "LINE_UNKNOWN", 2],
    [["down", "nosuch", "--forget"], "LINE_UNKNOWN", 2],
    [["down", destinationOf(host), "--forget"], "LINE_UNKNOWN", 2],
    [["down"], "LINE_NONE", 3],
    [["down", "--local", "web"], "USAGE", 2],
  ] as const) {
    const output = await laptop.tetherdock([...args, "--yes", "--json"]);
    expect(JSON.parse(output.stdout), args.join(" ")).toMatchObject({ error: { code } });
    expect(output.status).toBe(status);
  }
  // The word may be a host that another laptop set up.
  const { stderr } = await laptop.tetherdock(["down", host.name, "--yes"]);
  expect(stderr).toContain(`try: tetherdock down ssh://${host.name}   # `);
  const asHost = await laptop.tetherdock(["down", `ssh://${destinationOf(host)}`, "--yes"]);
  expect(asHost).toMatchObject({ status: 0, stderr: expect.stringContaining("nothing to undo") });
  expect(await laptop.tree()).toBe("absent");
});
