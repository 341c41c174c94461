/** The host's engine answers, and the client's output is the same as with a local engine. */
import { expect, test } from "vitest";
import type { Shell } from "./shell.ts";

export function reaches(open: () => Shell): void {
  test("docker ps, and it is this host's engine", async () => {
    const shell = open();
    expect(await shell.run("docker ps")).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^CONTAINER ID .* NAMES\n/),
      stderr: "",
    });
    expect(await shell.must("docker info --format '{{.Name}}'")).toBe(shell.host.name);
  });

  test.each([
    ["of the container's program", "docker run --rm tiny sh -c 'exit 42'", 42],
    ["127 of a program that is not there", "docker run --rm tiny nonesuch", 127],
    ["126 of one that cannot be run", "docker run --rm tiny /etc/passwd", 126],
    ["125 of a wrong flag", "docker run --no-such-flag tiny", 125],
    ["137 of a container killed", "docker run --rm --init tiny sh -c 'kill -9 $$'", 137],
    ["1 of docker's own refusal", "docker inspect nonesuch", 1],
  ])("exit status %s", async (_what, command, status) => {
    expect((await open().run(command)).status).toBe(status);
  });

  test("stdout and stderr stay apart", async () => {
    const output = await open().run("docker run --rm tiny sh -c 'echo out; echo err >&2; exit 3'");
    expect(output).toEqual({ stdout: "out\n", stderr: "err\n", status: 3 });
  });
}
