/**
 * The user service of docs/fleet.md that follows a fleet's audit logs into the journal. The operator's machine, with a real systemd,
 * is the host itself, which gets the operator's folder.
 */
import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blocksOf } from "../docs/console-blocks.ts";
import { type GatewayLine, openGatewayLine } from "../support/gateway/line-on-host.ts";
import { mustRun } from "../support/run.ts";

let line: GatewayLine;
let unit: string;

/** Runs a script as core. */
async function core(script: string): Promise<string> {
  const { stdout, status } = await line.host.ssh("exec sh -eus 2>&1", { user: "core", input: script });
  expect(status, `${script}\n${stdout}`).toBe(0);
  return stdout;
}

/** Does something that is recorded. */
async function act(name: string): Promise<void> {
  const stop = ["run", "--", "docker", "stop", name];
  expect((await line.laptop.tetherdock(stop)).status).toBe(1);
}

const recorded = async () =>
  (await core("journalctl --user -t tetherdock-audit -o cat"))
    .split("\n")
    .filter((text) => text.startsWith("{"))
    .map((text) => JSON.parse(text) as { host: string; target: string });

beforeAll(async () => {
  const page = await readFile(new URL("../../docs/fleet.md", import.meta.url), "utf8");
  const lines = blocksOf(page).find((block) =>
    block.lines.includes("SyslogIdentifier=tetherdock-audit"),
  )?.lines;
  unit = lines?.join("\n") ?? expect.fail("the page has no unit");
  line = await openGatewayLine("auditjournal", { release: "trixie" });
  const { laptop, host } = line;
  for (const args of [
    ["init", "acme"],
    ["join", host.name],
  ])
    expect((await laptop.tetherdock(["fleet", ...args])).status).toBe(0);
  await host.root("loginctl enable-linger core; ln -s /opt/tetherdock/bin/tetherdock /usr/local/bin/");
  const folder = await mustRun(["/bin/sh", "-c", 'tar -C "$1" -cz . | base64', "sh", laptop.home]);
  await core(`mkdir -p ~/.config/tetherdock ~/.config/systemd/user
base64 -d <<'END' | tar -C ~/.config/tetherdock -xz
${folder}
END
cat >~/.config/systemd/user/tetherdock-audit.service <<'END'
${unit}
END
systemctl --user daemon-reload
systemctl --user enable --now tetherdock-audit`);
}, 300_000);
afterAll(() => line?.[Symbol.asyncDispose]());

test("records are in the journal as they are made, also after the service was killed", async () => {
  for (const name of ["first", "second"]) {
    await expect
      .poll(
        async () => {
          await act(name);
          return (await recorded()).filter(({ target }) => target.includes(`/containers/${name}/`));
        },
        { timeout: 60_000, interval: 500 },
      )
      .toContainEqual(expect.objectContaining({ host: line.host.name }));
    await core("systemctl --user kill --signal=KILL tetherdock-audit");
  }
});
