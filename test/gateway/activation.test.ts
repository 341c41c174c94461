import { connect } from "node:net";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { answer, ask } from "./support/fake-docker.ts";
import type { Running } from "./support/run-here.ts";
import { type SocketUnit, socketUnit } from "./support/socket-unit.ts";
import { Stage } from "./support/stage.ts";
import { Wire } from "./support/wire.ts";

let stage: Stage;
let unit: SocketUnit;
afterEach(async () => {
  await unit.end();
  await stage.end();
});

/** A stage whose gateway is activated by these sockets. @param config what is configured otherwise */
async function made(addresses: (made: Stage) => string[], config: Record<string, unknown> = {}) {
  const nothing: Running = { lines: [], over: Promise.resolve(), hangUp: () => {}, stop: async () => {} };
  const listen = [{ address: "fd://", client: "anna" }];
  stage = await Stage.make({ config: { listen, ...config }, run: async () => nothing });
  unit = await socketUnit(addresses(stage), stage.file);
}

const tcp = ({ host, port }: Stage) => `${host}:${port}`;
const unix = ({ folder }: Stage) => join(folder, "handed-over.sock");

test("TCP gets TLS, a unix socket none and the named client", async () => {
  await made((self) => [tcp(self), unix(self)]);
  await unit.start();
  const viewer = await stage.connect("vera");
  viewer.send(ask("/containers/x", "DELETE"));
  await viewer.sees("403");
  const plain = connect({ host: stage.host, port: stage.port }).on("error", () => {});
  plain.write(ask("/_ping"));
  expect(await new Wire(plain).rest()).toBe("");
  const local = new Wire(connect(unix(stage)));
  local.send(ask("/containers/x", "DELETE"));
  const docker = await stage.docker.next();
  await docker.sees("DELETE");
  docker.send(answer(204, ""));
  await local.sees("204");
  local.destroy();
});

test.each([
  ["a TCP socket and no tls", tcp, { tls: null }, /TCP is served with TLS only/],
  ["a unix socket and no client", unix, { listen: [{ address: "fd://" }] }, /no client is named for it/],
])("%s: the gateway does not start", async (_what, address, config, text) => {
  await made((self) => [address(self)], config);
  await expect(unit.start()).rejects.toThrow(text);
});

test("restarts refuse no connection and lose no request", { timeout: 60_000 }, async () => {
  await made((self) => [tcp(self)]);
  await unit.start();
  stage.docker.answerAll(answer(200, "OK"));
  const failures: string[] = [];
  let served = 0;
  let over = false;
  const visitor = async () => {
    while (!over) {
      try {
        const client = await stage.connect();
        client.send(ask("/_ping"));
        await client.sees("\r\n\r\nOK");
        client.destroy();
        served++;
      } catch (error) {
        failures.push((error as Error).message);
      }
    }
  };
  const visitors = Array.from({ length: 6 }, visitor);
  for (let round = 0; round < 2; round++) {
    const before = served;
    await expect.poll(() => served, { timeout: 10_000 }).toBeGreaterThan(before + 20);
    await unit.stop();
    await unit.start();
  }
  over = true;
  await Promise.all(visitors);
  console.log(`2 restarts under load: ${served} served, ${failures.length} failed`);
  expect(failures).toEqual([]);
});
