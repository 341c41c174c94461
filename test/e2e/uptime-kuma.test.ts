/** npm's Uptime Kuma with the files and settings of `client add --for uptime-kuma`. It is large: only with `scripts/test --all`. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { openGatewayLine } from "../support/gateway/line-on-host.ts";
import { outputOf, personOf } from "../support/gateway/people.ts";
import { everything } from "../support/sample.ts";
import { startUptimeKuma } from "../support/uptime-kuma.ts";

test.runIf(everything)("Uptime Kuma tells running containers from stopped ones with the preset", async () => {
  await using line = await openGatewayLine("kuma");
  const admin = await personOf(line);
  const docker = (words: string) =>
    outputOf(line.laptop.docker(words.split(" "), { env: admin.env }), `docker ${words}`);
  await docker("run -d --name running tiny sleep 1000");
  await docker("create --name stopped tiny");
  const printed = await outputOf(
    line.laptop.tetherdock(["client", "add", "kuma", "--for", "uptime-kuma"]),
    "client add",
  );
  const daemon = /Docker daemon: +(\S+)/.exec(printed)?.[1];
  await using kuma = await startUptimeKuma(join(line.laptop.folder, "kuma"));
  const host = { name: "vps", dockerType: "tcp", dockerDaemon: daemon };
  expect((await kuma.ask("testDockerHost", host)).msg).toBe(
    "Connected Successfully. Amount of containers: 2",
  );
  const { id = 0 } = await kuma.ask("addDockerHost", host, null);
  const [running, stopped] = [await kuma.watch("running", id), await kuma.watch("stopped", id)];
  const last = (monitor?: number) => kuma.heartbeats.findLast(({ monitorID }) => monitorID === monitor);
  await expect.poll(() => last(running)).toMatchObject({ status: 1, msg: "running" });
  await expect.poll(() => last(stopped)).toMatchObject({ status: 0, msg: "Container State is created" });
});
