/** Debian's docker-compose, a client with independent code: Python, requests, OpenSSL. */
import { expect, test } from "vitest";
import { cloneApp } from "./builds.ts";
import type { Shell } from "./shell.ts";

export function composes(open: () => Shell): void {
  test("docker-compose up, ps, logs, exec, down", async () => {
    const shell = open();
    const app = await cloneApp(shell);
    const port = shell.port();
    const compose = (args: string) => shell.run(`cd ${app}; PORT=${port} docker-compose --no-ansi ${args}`);
    expect(await compose("up -d --build")).toMatchObject({ status: 0 });
    const job = `${app}_job_1`;
    await shell.must(`docker wait ${job}`);
    expect((await compose("ps")).stdout).toMatch(
      new RegExp(`^${job} .* Exit 0 [^]*^${app}_web_1 .* Up .*0\\.0\\.0\\.0:${port}->80/tcp`, "m"),
    );
    expect((await compose("logs job")).stdout).toContain("the job is done");
    const page = "hello from the repository\nbuilt for compose\n";
    expect(await compose("exec -T web cat /www/index.html")).toMatchObject({ status: 0, stdout: page });
    await using logs = shell.start(`cd ${app}; PORT=${port} exec docker-compose --no-ansi logs -f web`);
    await logs.until(/web_1 +\| serving\n/);
    expect(await shell.run(`curl -fsS --max-time 10 http://${shell.host.ip}:${port}/`)).toMatchObject({
      status: 0,
      stdout: page,
    });
    expect(await compose("down -v --rmi local")).toMatchObject({ status: 0 });
    expect(await logs.ended).toMatchObject({ status: 0 });
    expect(await shell.must(`docker ps -aq --filter name=${app}`)).toBe("");
    expect(await shell.must(`docker network ls -q --filter name=${app}`)).toBe("");
  });
}
