/** What we tell ssh beside the user's own configuration, with the ssh installed here. */
import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { sshSettings } from "../../src/system/ssh/ssh-settings.ts";

const run = promisify(execFile);

/** Puts an ssh that reads this configuration first on the PATH. */
async function useSshConfig(lines: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "ssh-settings-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "config"), `${lines.join("\n")}\n`);
  await writeFile(join(folder, "ssh"), `#!/bin/sh\nexec /usr/bin/ssh -F ${folder}/config "$@"\n`);
  await chmod(join(folder, "ssh"), 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  onTestFinished(() => void vi.unstubAllEnvs());
}

test.each(["yes", "$SSH_AUTH_SOCK"])(
  "a host does not get the user's agent (ForwardAgent %s) or tickets, with which it could log in elsewhere",
  async (value) => {
    await useSshConfig([`ForwardAgent ${value}`, "GSSAPIDelegateCredentials yes"]);
    const { options } = await sshSettings("box");
    const { stdout } = await run("ssh", ["-G", ...options, "--", "box"]);
    expect(options).toContain("ForwardAgent=no");
    // Of a path, -G shows the path, whatever comes of it.
    if (value === "yes") expect(stdout).toMatch(/^forwardagent no$/m);
    expect(stdout).not.toMatch(/^gssapidelegatecredentials yes$/m);
  },
);

test.each([
  ["root@::1", 22],
  ["ssh://root@[::1]:2222", 2222],
])("an IPv6 address, %s: ssh connects to port %i", async (destination, port) => {
  await useSshConfig([]);
  const { place } = await sshSettings(destination);
  expect(place).toMatchObject({ hostname: "::1", port, user: "root" });
});
