/** `attach` with a client's input, on a real engine: who sends something and leaves, leaves nothing in dockerd. */
import { once } from "node:events";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";
import { expect, test } from "vitest";
import { openCompany, outputOf, type Person } from "../support/gateway/people.ts";
import { missingRelease } from "../support/host.ts";

const LEAVES = 150;

/** Attaches with the container's input, sends some bytes, and resets the connection. */
async function attachAndLeave({ api: { keys } }: Person, container: string): Promise<void> {
  const wire = connect(keys.port, keys.host);
  const socket = connectTls({ ...keys, socket: wire });
  socket.write(
    `POST /v1.41/containers/${container}/attach?stream=1&stdin=1&stdout=1 HTTP/1.1\r\nHost: docker\r\n` +
      "Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
  );
  const [head] = await once(socket, "data");
  expect(String(head)).toMatch(/^HTTP\/1.1 101 /);
  await new Promise<void>((sent) => socket.write("some bytes", () => sent()));
  wire.resetAndDestroy();
}

test("on forky: clients that attach with input to a container that has none, and leave", async ({ skip }) => {
  const missing = await missingRelease("forky");
  if (missing !== null) return skip(missing);
  const { line, dora } = await openCompany("attached", "forky");
  await using host = line.host;
  await host.root("mk-tiny");
  const { laptop } = line;
  const docker = (args: readonly string[], input = "") => laptop.docker(args, { env: dora.env, input });
  await outputOf(docker(["run", "-d", "--name", "silent", "tiny", "sleep", "1000"]), "docker run -d");
  const files = async () => Number(await host.root("ls /proc/$(pidof dockerd)/fd | wc -l"));
  const before = await files();
  for (let left = 0; left < LEAVES; left += 10)
    await Promise.all(Array.from({ length: 10 }, () => attachAndLeave(dora, "silent")));
  await expect.poll(files, { timeout: 30_000 }).toBeLessThan(before + LEAVES / 3);
  // The input of a container that has one comes through.
  const echoed = docker(["run", "-i", "--rm", "tiny", "cat"], "what was typed\n");
  expect(await outputOf(echoed, "docker run -i")).toBe("what was typed\n");
}, 240_000);
