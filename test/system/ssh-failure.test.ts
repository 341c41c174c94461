/** The failures of the ssh installed here that need no server: its words must be those we know. */
import { execFile } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { classifySshFailure } from "../../src/host/index.ts";
import { allHungUp, freePort, rawPeer } from "./peers.ts";

afterEach(allHungUp);

function ssh(...args: readonly string[]): Promise<{ code: string; message: string; why: readonly string[] }> {
  const options = ["-F", "/dev/null", "-o", "BatchMode=yes", "-o", "ConnectTimeout=1"];
  return new Promise((resolve) => {
    const child = execFile("ssh", [...options, ...args, "true"], (_error, _stdout, stderr) => {
      resolve(classifySshFailure({ status: child.exitCode, stderr, destination: "me@box" }));
    });
    child.stdin?.end();
  });
}

const at = (port: number) => ["-p", String(port), "me@127.0.0.1"] as const;

test("nothing listens", async () => {
  const { port } = await freePort();
  const error = await ssh(...at(port));
  expect(error).toMatchObject({
    code: "SSH_REFUSED",
    message: `ssh connection refused by 127.0.0.1 port ${port}`,
  });
});

test("a name that cannot exist", async () => {
  expect(await ssh(`${"x".repeat(64)}.invalid`)).toMatchObject({ code: "SSH_HOST_UNKNOWN" });
});

test("an invalid configuration", async () => {
  expect(await ssh("-o", "Nonsense=yes", "me@127.0.0.1")).toMatchObject({ code: "SSH_CONFIG" });
  expect(await ssh("-F", "/nonexistent", "me@127.0.0.1")).toMatchObject({ code: "SSH_CONFIG" });
});

test("a peer that disconnects, resets, or is silent", async () => {
  const closing = await rawPeer((socket) => socket.resume().end());
  const resetting = await rawPeer((socket) => socket.once("data", () => socket.resetAndDestroy()));
  const silent = await rawPeer((socket) => socket.resume());
  expect(await ssh(...at(closing.port))).toMatchObject({ code: "SSH_CLOSED" });
  expect(await ssh(...at(resetting.port))).toMatchObject({ code: "SSH_CLOSED" });
  expect(await ssh(...at(silent.port))).toMatchObject({ code: "SSH_TIMEOUT" });
});

test("a jump host where nothing listens", async () => {
  const { port } = await freePort();
  const error = await ssh("-J", `me@127.0.0.1:${port}`, "me@127.0.0.1");
  expect(error).toMatchObject({
    code: "SSH_JUMP_FAILED",
    message: "cannot connect to me@box through its jump host 127.0.0.1",
    why: [`"ssh: connect to host 127.0.0.1 port ${port}: Connection refused"`],
  });
});
