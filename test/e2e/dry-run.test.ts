/** `up --dry-run`: what it shows is what a real run then does, and it does nothing. `--json`: JSON and only JSON. */
import { expect, test } from "vitest";
import { changedPaths } from "../support/changed-paths.ts";
import { bootHost, type Flavour } from "../support/host.ts";
import { makeLaptop } from "../support/laptop.ts";
import { daemonRun, destinationOf } from "../support/up-and-down.ts";

interface Change {
  readonly kind: string;
  readonly path: string;
  readonly reason: string;
  readonly after?: string;
  readonly mode?: string;
}

const kindAndPath = ({ kind, path, reason }: Change) => ({ kind, path, reason });

test.each<[Flavour, string]>([
  ["debian", "pitfall-1"],
  ["upstream", "socket-dropin-tcp"],
  ["coreos", "pitfall-2-2015"],
])("%s, %s: shown but not done; then done byte for byte as shown", async (flavour, state) => {
  await using host = await bootHost({ flavour, state });
  await using laptop = await makeLaptop(host.sshConfig);
  const seen = async () => [await host.fingerprint(), await daemonRun(host), await laptop.tree()];
  const before = await seen();
  const words = ["up", destinationOf(host)];
  const text = await laptop.tetherdock([...words, "--dry-run"]);
  expect(text).toMatchObject({ status: 0, stderr: "" });
  const json = await laptop.tetherdock([...words, "--dry-run", "--json"]);
  expect(json).toMatchObject({ status: 0, stderr: "" });
  expect(await seen()).toEqual(before);
  const { plan } = JSON.parse(json.stdout) as { plan: { changes: Change[]; exposedPorts: number[] } };
  for (const { path, reason } of plan.changes) {
    expect(text.stdout).toContain(path);
    expect(text.stdout).toContain(reason);
  }

  const up = await laptop.tetherdock([...words, "--yes", "--json"]);
  expect(up, up.stdout).toMatchObject({ status: 0 });
  const done = JSON.parse(up.stdout) as { changed: boolean; changes: Change[]; proofs: { state: string }[] };
  expect(done.changed).toBe(true);
  expect(done.changes.map(kindAndPath)).toEqual(plan.changes.map(kindAndPath));
  expect(done.proofs.some((proof) => proof.state === "proven")).toBe(true);
  for (const { kind, path, after, mode } of plan.changes) {
    if (kind === "remove") await host.root(`! test -e ${path}`);
    // The CA of a dry run is thrown away with it.
    if (kind !== "write" || path.endsWith("/ca.pem")) continue;
    expect(await host.root(`cat ${path}`)).toBe(after);
    expect(await host.root(`stat -c %a:%U:%G ${path}`)).toBe(`${mode}:root:root\n`);
  }
  expect(await host.root("stat -c %a:%U /etc/tetherdock/server-key.pem")).toBe("600:root\n");

  const shown = new Set(plan.changes.map(({ path }) => path));
  const folders = new Set([...shown].map((path) => path.slice(0, path.lastIndexOf("/"))));
  const units = ["docker-tcp.socket", "docker.service", "docker.socket"];
  const unforeseen = changedPaths(before[0] ?? "", await host.fingerprint()).filter(
    (path) => !shown.has(path) && !folders.has(path) && !units.includes(path),
  );
  expect(unforeseen, "nothing that was not shown").toEqual([]);
  const again = await laptop.tetherdock([...words, "--dry-run"]);
  expect(again).toMatchObject({ status: 0, stdout: expect.stringMatching(/nothing to do\n$/) });
});
