/** The host's login shell only has to start sh: each that people have does, and our scripts then run in sh. */
import { expect, test } from "vitest";
import { TetherdockError } from "../../src/base/index.ts";
import { ProcessHostShell } from "../../src/system/ssh/host-shell.ts";

test.each(["sh", "bash", "zsh", "fish", "tcsh"])("%s", async (loginShell) => {
  const shell = await ProcessHostShell.open({
    command: () => [loginShell, "-c"],
    destination: "this machine",
    askPassword: null,
    signal: new AbortController().signal,
    connectFailure: (status, stderr) => new TetherdockError("SSH_FAILED", `${status}`, { why: [stderr] }),
    times: { arrivalMs: 20_000 },
  });
  try {
    expect(await shell.run('x=1; echo "$(id -u) $x"')).toMatchObject({ status: 0, stdout: "0 1\n" });
  } finally {
    await shell.close();
  }
});
