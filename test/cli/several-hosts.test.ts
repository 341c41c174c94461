/** Commands about several hosts, of which some fail: they go on, and their exit status is that of the worst. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type LaptopStage, makeLaptopStage, type Ran } from "./laptop-stage.ts";
import { makeCertificates, writeSampleLine } from "./sample-line.ts";

const certificates = makeCertificates(100);

/** Connections to hosts end at once; `ssh -G` is the real one. */
const SSH = `#!/bin/sh
[ "$1" = -G ] && exec /usr/bin/ssh "$@"
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
});
