/** What a recorded command finds on this machine: the socket, the user's plugins, and no way to a real engine. */
import { access, chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { failureOf } from "../../../test/support/app/change.ts";
import { TetherdockError } from "../../base/index.ts";
import { recordCommand } from "./record-command.ts";

let home = "";
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "tetherdock-test-"));
  await mkdir(join(home, ".docker/cli-plugins"), { recursive: true });
  await mkdir(join(home, ".docker/contexts"));
  await writeFile(join(home, ".docker/cli-plugins/docker-own"), "");
});
afterAll(() => rm(home, { recursive: true, force: true }));

/** @param more variables besides the path */
function environment(more: NodeJS.ProcessEnv = {}) {
  return { env: { PATH: process.env["PATH"], ...more }, platform: process.platform, home, cwd: home };
}

async function told(script: string, config: string): Promise<string> {
  await writeFile(join(home, ".docker/config.json"), config);
  const own = environment({ HOME: home, BUILDX_BUILDER: "remote", DOCKER_CONTEXT: "prod" });
  const { stderr } = await recordCommand(["sh", "-c", script], own, new AbortController().signal);
  return stderr;
}

test("contexts, logins and builders are left out, plugins stay", async () => {
  const config = JSON.stringify({
    ...{ currentContext: "prod", credsStore: "desktop", auths: { "x.example": { auth: "c2VjcmV0" } } },
    cliPluginsExtraDirs: ["/opt/plugins"],
  });
  const script =
    'cd "$DOCKER_CONFIG" && { cat config.json; echo; echo * cli-plugins/*; env | grep -E "BUILDX|CONTEXT"; } >&2';
  expect(await told(script, config)).toBe(
    '{"cliPluginsExtraDirs":["/opt/plugins"]}\ncli-plugins config.json cli-plugins/docker-own\n',
  );
});

test("a configuration that is no JSON counts as none, and the user's plugins are still there afterwards", async () => {
  expect(await told('cat "$DOCKER_CONFIG/config.json" >&2', "{")).toBe('{"cliPluginsExtraDirs":[]}');
  expect(await told('ls "$HOME/.docker/cli-plugins" >&2', "{}")).toBe("docker-own\n");
});

test("a command that is not there, or that cannot be executed, is named", async () => {
  const record = (program: string) => recordCommand([program], environment(), new AbortController().signal);
  expect(await failureOf(record("no-such-command-here"))).toMatchObject({
    ...{ code: "COMMAND_NOT_FOUND", message: 'there is no command "no-such-command-here"' },
    hints: ["command -v no-such-command-here"],
  });
  const path = join(home, "docker");
  await writeFile(path, "#!/bin/sh\n");
  await chmod(path, 0o600);
  expect(await failureOf(record(path))).toMatchObject({
    ...{ code: "COMMAND_NOT_EXECUTABLE", message: `cannot run "${path}"`, why: ["permission denied"] },
  });
});

test("an interrupt does not wait for programs that the command has started", { timeout: 4_000 }, async () => {
  const interrupt = new AbortController();
  const started = join(home, "started");
  const script = `sleep 6 & touch ${started}; wait`;
  const recorded = recordCommand(["sh", "-c", script], environment(), interrupt.signal);
  await vi.waitFor(() => access(started), { timeout: 3_000 });
  interrupt.abort(new TetherdockError("INTERRUPTED", "interrupted"));
  expect((await failureOf(recorded)).code).toBe("INTERRUPTED");
});

test("after an interrupt nothing is started", async () => {
  const signal = AbortSignal.abort(new TetherdockError("INTERRUPTED", "interrupted"));
  const path = join(home, "too-late");
  const recorded = recordCommand(["touch", path], environment(), signal);
  expect((await failureOf(recorded)).code).toBe("INTERRUPTED");
  await expect(access(path)).rejects.toThrow("ENOENT");
});
