/** Commands about several hosts, of which some fail: they go on, and their exit status is that of the worst. */
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { type LaptopStage, makeLaptopStage, type Ran } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

const certificates = makeCertificates(100);

/** Connections to hosts end at once; `ssh -G` is the real one. */
const SSH = `#!/bin/sh
[ "$1" = -G ] && exec /usr/bin/ssh "$@"
echo "$@" >>"$HOME/asked"
echo "Connection closed by 192.0.2.1 port 22" >&2
exit 255
`;

function makeStage(): { stage: LaptopStage; tetherdock: (...args: string[]) => Promise<Ran> } {
  const stage = makeLaptopStage();
  onTestFinished(() => stage.remove());
  mkdirSync(join(stage.work, "bin"));
  writeFileSync(join(stage.work, "bin/ssh"), SSH, { mode: 0o755 });
  const command = 'PATH="$PWD/bin:$PATH" exec tetherdock "$@"';
  return { stage, tetherdock: (...args) => stage.run("/bin/sh", "-c", command, "sh", ...args) };
}

test("upgrade --all: every line is tried, and the exit status is the worst one, not the first", async () => {
  const { stage, tetherdock } = makeStage();
  writeSampleLine(stage.home, "closed", certificates);
  writeSampleLine(stage.home, "joined", certificates, { joined: true });
  writeSampleLine(stage.home, "last", certificates);
  const { stdout, status } = await tetherdock("upgrade", "--all", "--json");
  const codes = JSON.parse(stdout).map((one: { error: { code: string } }) => one.error.code);
  expect(codes).toEqual(["SSH_CLOSED", "LINE_JOINED", "SSH_CLOSED"]);
  expect(status).toBe(3);
  const asked = () => readFileSync(join(stage.work, "asked"), "utf8");
  expect(asked()).not.toContain("BatchMode");
  // Several at once must not ask on one terminal.
  expect(await tetherdock("upgrade", "--all", "--yes", "--at-once", "2", "--json")).toMatchObject({
    status: 3,
  });
  expect(asked().match(/BatchMode=yes/g)).toHaveLength(2);
});

/** Does not answer until it is ended, and says when it was asked. */
const SILENT_SSH = `#!/bin/sh
[ "$1" = -G ] && exec /usr/bin/ssh "$@"
echo "$@" >>"$HOME/asked"
exec sleep 60
`;

test("doctor --all-lines, interrupted: the reports until then, and the command for the rest", async () => {
  const { stage } = makeStage();
  for (const name of ["build", "web"])
    writeSampleLine(stage.home, name, certificates, { address: "127.0.0.1", port: 1 });
  writeFileSync(join(stage.work, "bin/ssh"), SILENT_SSH, { mode: 0o755 });
  writeSampleLine(stage.home, "at-once", certificates, { address: "127.0.0.1", port: 1, joined: true });
  const command = 'PATH="$PWD/bin:$PATH" exec tetherdock doctor --all-lines --at-once 2 --json';
  const child = stage.spawn("/bin/sh", ["-c", command]);
  const output = Promise.all([text(child.stdout ?? expect.fail()), text(child.stderr ?? expect.fail())]);
  const ended = once(child, "close");
  await vi.waitFor(
    () => {
      const asked = readFileSync(join(stage.work, "asked"), "utf8");
      expect(asked).toContain("BatchMode=yes");
      expect(asked.trim().split("\n")).toHaveLength(2);
    },
    { timeout: 20_000 },
  );
  child.kill("SIGINT");
  const [[stdout, stderr], [status]] = [await output, await ended];
  const { reports, failed } = JSON.parse(stdout);
  expect(reports.map(({ name }: { name: string }) => name)).toEqual(["at-once"]);
  expect(failed.map((one: { error: { code: string } }) => one.error.code)).toEqual([
    "INTERRUPTED",
    "INTERRUPTED",
  ]);
  expect(stderr).toContain("at-once: ");
  expect(stderr).toContain("not examined: build, web\ntry: tetherdock doctor build web --at-once 2\n");
  expect(status).toBe(130);
});
